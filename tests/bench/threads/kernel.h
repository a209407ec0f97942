/* The same arithmetic shared out to THREADS threads: the program that the kernels of this folder are. */
#include "../bench.h"
#include <pthread.h>

static long per_thread;
static uint64_t sums[THREADS];

static void *body(void *arg)
{
	uint64_t x = (uintptr_t)arg + 1, sum = 0;
	for (long i = 0; i < per_thread; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		sum += x >> 33;
	}
	sums[(uintptr_t)arg] = sum;
	return 0;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	long rounds = bench_rounds(argc, argv, 200000000);
	uint64_t check = 0;
	per_thread = rounds / THREADS;
	double begin = bench_now_ns();
	for (uintptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], 0, body, (void *)i);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], 0);
		check += sums[i];
	}
	return bench_report(begin, rounds, check);
}
