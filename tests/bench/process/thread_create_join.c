/* pthread_create and pthread_join of a thread that returns at once. */
#include "../bench.h"
#include <pthread.h>

static void *body(void *arg)
{
	return arg;
}

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 5000);
	uint64_t check = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		pthread_t thread;
		void *result = 0;
		if (pthread_create(&thread, 0, body, &check) || pthread_join(thread, &result))
			return 1;
		check += result == &check;
	}
	return bench_report(begin, rounds, check);
}
