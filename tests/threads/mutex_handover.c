// flags: -pthread
// timeout: 120
/* A mutex is handed on to everybody who waits: threads that lock it, that lock it until a time, and that a
 * broadcast moves to it from a condition variable. All of them have to get through each round, so a wake-up
 * that goes to the wrong one stops the program. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>

enum { ROUNDS = 3000, LOCKERS = 3, TIMED = 2, WAITERS = 4, ALL = LOCKERS + TIMED + WAITERS + 1 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t start, end;
static int n_waiting, turn;
static long n_locked, n_timed, n_woken;

static void *locker(void *arg)
{
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&start);
		for (int i = 0; i < 3; i++) {
			pthread_mutex_lock(&mutex);
			n_locked++;
			/* Others come and wait meanwhile. */
			if ((round + i) % 4 == 0)
				sched_yield();
			pthread_mutex_unlock(&mutex);
		}
		pthread_barrier_wait(&end);
	}
	return arg;
}

static void *timed(void *arg)
{
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&start);
		int status;
		do {
			struct timespec until;
			clock_gettime(CLOCK_REALTIME, &until);
			until.tv_nsec += 20000 * (round % 7);
			if (until.tv_nsec >= 1000000000) {
				until.tv_nsec -= 1000000000;
				until.tv_sec++;
			}
			status = pthread_mutex_timedlock(&mutex, &until);
		} while (status == ETIMEDOUT);
		n_timed += status == 0;
		pthread_mutex_unlock(&mutex);
		pthread_barrier_wait(&end);
	}
	return arg;
}

static void *waiter(void *arg)
{
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&start);
		pthread_mutex_lock(&mutex);
		n_waiting++;
		while (turn <= round)
			pthread_cond_wait(&condition, &mutex);
		n_woken++;
		pthread_mutex_unlock(&mutex);
		pthread_barrier_wait(&end);
	}
	return arg;
}

static void *caster(void *arg)
{
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&start);
		for (int all = 0; !all; sched_yield()) {
			pthread_mutex_lock(&mutex);
			all = n_waiting == WAITERS * (round + 1);
			if (all) {
				turn = round + 1;
				pthread_cond_broadcast(&condition);
			}
			pthread_mutex_unlock(&mutex);
		}
		pthread_barrier_wait(&end);
	}
	return arg;
}

int main(void)
{
	void *(*bodies[ALL])(void *) = { locker, locker, locker, timed, timed,
					 waiter, waiter, waiter, waiter, caster };
	pthread_t threads[ALL];
	pthread_barrier_init(&start, 0, ALL);
	pthread_barrier_init(&end, 0, ALL);
	for (int i = 0; i < ALL; i++)
		pthread_create(&threads[i], 0, bodies[i], 0);
	for (int i = 0; i < ALL; i++)
		pthread_join(threads[i], 0);
	printf("locked %ld, until a time %ld, woken %ld\n", n_locked, n_timed, n_woken);
	return 0;
}
