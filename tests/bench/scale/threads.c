// sizes: 1 8 64 256
/* Starting and joining a thread beside SIZE waiting ones. */
#include "../bench.h"
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *wait_for_lock(void *unused)
{
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *nothing(void *argument)
{
	return argument;
}

int main(int argc, char **argv)
{
	static pthread_t waiting[SIZE];
	long rounds = bench_rounds(argc, argv, 100);
	uint64_t check = 0;
	pthread_mutex_lock(&lock);
	for (int i = 0; i < SIZE; i++)
		check += pthread_create(&waiting[i], NULL, wait_for_lock, NULL) == 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		pthread_t thread;
		void *result;
		pthread_create(&thread, NULL, nothing, &check);
		pthread_join(thread, &result);
		check += result == &check;
	}
	bench_report(begin, rounds, check);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < SIZE; i++)
		pthread_join(waiting[i], NULL);
	return 0;
}
