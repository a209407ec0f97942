/* Four threads that fight for one mutex. */
#include "../bench.h"
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static uint64_t counter;
static long per_thread;

static void *body(void *arg)
{
	for (long i = 0; i < per_thread; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t threads[4];
	long rounds = bench_rounds(argc, argv, 2000000);
	per_thread = rounds / 4;
	double begin = bench_now_ns();
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], 0, body, 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], 0);
	return bench_report(begin, rounds, counter);
}
