/* Mutexes of every type, condition variables, read-write locks, barriers, spin locks, semaphores. */
#include "check.h"
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS 4
#define ROUNDS 20000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_barrier_t barrier;
static long counter, second_counter;

static void run(void *(*function)(void *))
{
	pthread_t threads[THREADS];
	for (intptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, function, (void *)i) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static struct timespec soon(clockid_t clock, long ms)
{
	struct timespec t;
	clock_gettime(clock, &t);
	t.tv_nsec += ms * 1000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static void *counts(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
		pthread_spin_lock(&spin);
		second_counter++;
		pthread_spin_unlock(&spin);
	}
	return argument;
}

static void *tries(void *argument)
{
	return (void *)(intptr_t)pthread_mutex_trylock(argument);
}

static int other_thread_tries(pthread_mutex_t *m)
{
	pthread_t thread;
	void *result;
	pthread_create(&thread, NULL, tries, m);
	pthread_join(thread, &result);
	return (int)(intptr_t)result;
}

static void *times_out(void *argument)
{
	struct timespec limit = soon(CLOCK_REALTIME, 20);
	return (void *)(intptr_t)pthread_mutex_timedlock(argument, &limit);
}

static void *dies_holding(void *argument)
{
	pthread_mutex_lock(argument);
	return NULL;
}

static void mutexes(void)
{
	pthread_mutexattr_t attributes;
	pthread_mutex_t m;
	pthread_t thread;
	void *result;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&m, &attributes);
	CHECK(pthread_mutex_lock(&m) == 0 && pthread_mutex_lock(&m) == 0 && pthread_mutex_trylock(&m) == 0);
	CHECK(other_thread_tries(&m) == EBUSY);
	CHECK(pthread_mutex_unlock(&m) == 0 && pthread_mutex_unlock(&m) == 0 && pthread_mutex_unlock(&m) == 0);
	CHECK(pthread_mutex_unlock(&m) == EPERM && pthread_mutex_destroy(&m) == 0);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&m, &attributes);
	CHECK(pthread_mutex_lock(&m) == 0 && pthread_mutex_lock(&m) == EDEADLK && pthread_mutex_trylock(&m) == EBUSY);
	pthread_create(&thread, NULL, times_out, &m);
	CHECK(pthread_join(thread, &result) == 0 && (intptr_t)result == ETIMEDOUT);
	CHECK(pthread_mutex_unlock(&m) == 0 && pthread_mutex_unlock(&m) == EPERM);
	pthread_mutex_destroy(&m);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_NORMAL);
	CHECK(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) == 0);
	pthread_mutex_init(&m, &attributes);
	pthread_create(&thread, NULL, dies_holding, &m);
	pthread_join(thread, NULL);
	CHECK(pthread_mutex_lock(&m) == EOWNERDEAD && pthread_mutex_consistent(&m) == 0 && pthread_mutex_unlock(&m) == 0);
	CHECK(pthread_mutex_lock(&m) == 0 && pthread_mutex_unlock(&m) == 0);
	CHECK(pthread_mutexattr_settype(&attributes, 99) == EINVAL);
}

static int queue[8], head, tail, produced, consumed;
static long total;

static void *produces(void *argument)
{
	for (int i = 1; i <= 1000; i++) {
		pthread_mutex_lock(&mutex);
		while (head - tail == 8)
			pthread_cond_wait(&condition, &mutex);
		queue[head++ % 8] = i;
		produced++;
		pthread_cond_broadcast(&condition);
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}

static void *consumes(void *argument)
{
	for (int i = 1; i <= 1000; i++) {
		pthread_mutex_lock(&mutex);
		while (head == tail)
			pthread_cond_wait(&condition, &mutex);
		total += queue[tail++ % 8];
		consumed++;
		pthread_cond_broadcast(&condition);
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}

static void *either(void *argument)
{
	return (intptr_t)argument % 2 ? produces(argument) : consumes(argument);
}

static void conditions(void)
{
	run(either);
	CHECK(produced == 2000 && consumed == 2000 && total == 1001000);
	struct timespec limit = soon(CLOCK_REALTIME, 20);
	pthread_mutex_lock(&mutex);
	CHECK(pthread_cond_timedwait(&condition, &mutex, &limit) == ETIMEDOUT);
	pthread_condattr_t attributes;
	pthread_cond_t monotonic;
	pthread_condattr_init(&attributes);
	CHECK(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
	pthread_cond_init(&monotonic, &attributes);
	limit = soon(CLOCK_MONOTONIC, 20);
	CHECK(pthread_cond_timedwait(&monotonic, &mutex, &limit) == ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	CHECK(pthread_cond_signal(&monotonic) == 0 && pthread_cond_destroy(&monotonic) == 0);
}

static int data[2];

static void *reads_and_writes(void *argument)
{
	for (int i = 0; i < 2000; i++) {
		if (i % 10 == (intptr_t)argument) {
			pthread_rwlock_wrlock(&rwlock);
			data[0]++;
			sched_yield();
			data[1]++;
		} else {
			pthread_rwlock_rdlock(&rwlock);
			CHECK(data[0] == data[1]);
		}
		pthread_rwlock_unlock(&rwlock);
	}
	return NULL;
}

static void read_write_locks(void)
{
	run(reads_and_writes);
	CHECK(data[0] == THREADS * 200 && data[1] == data[0]);
	CHECK(pthread_rwlock_rdlock(&rwlock) == 0 && pthread_rwlock_tryrdlock(&rwlock) == 0);
	CHECK(pthread_rwlock_trywrlock(&rwlock) == EBUSY);
	struct timespec limit = soon(CLOCK_REALTIME, 10);
	CHECK(pthread_rwlock_timedwrlock(&rwlock, &limit) == ETIMEDOUT);
	pthread_rwlock_unlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	CHECK(pthread_rwlock_trywrlock(&rwlock) == 0 && pthread_rwlock_tryrdlock(&rwlock) == EBUSY);
	pthread_rwlock_unlock(&rwlock);
}

static int serial;

static void *meets(void *argument)
{
	for (int i = 0; i < 100; i++) {
		__atomic_add_fetch(&counter, 1, __ATOMIC_SEQ_CST);
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) {
			CHECK(counter == (long)THREADS * (i + 1));
			__atomic_add_fetch(&serial, 1, __ATOMIC_SEQ_CST);
		}
		pthread_barrier_wait(&barrier);
	}
	return argument;
}

static void barriers(void)
{
	counter = 0;
	CHECK(pthread_barrier_init(&barrier, NULL, THREADS) == 0 && pthread_barrier_init(&barrier, NULL, 0) == EINVAL);
	run(meets);
	CHECK(serial == 100 && pthread_barrier_destroy(&barrier) == 0);
}

static void semaphores(void)
{
	sem_t semaphore;
	int value;
	CHECK(sem_init(&semaphore, 0, 2) == 0 && sem_getvalue(&semaphore, &value) == 0 && value == 2);
	CHECK(sem_wait(&semaphore) == 0 && sem_trywait(&semaphore) == 0);
	CHECK_ERRNO(sem_trywait(&semaphore), EAGAIN);
	struct timespec limit = soon(CLOCK_REALTIME, 10);
	CHECK_ERRNO(sem_timedwait(&semaphore, &limit), ETIMEDOUT);
	CHECK(sem_post(&semaphore) == 0 && sem_destroy(&semaphore) == 0);
	CHECK_ERRNO(sem_init(&semaphore, 0, 0x80000000u), EINVAL);
}

/* Locks in shared memory work between processes. */
static void between_processes(void)
{
	struct {
		pthread_mutex_t mutex;
		pthread_cond_t condition;
		sem_t semaphore;
		int value;
	} *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t m;
	pthread_condattr_t c;
	pthread_mutexattr_init(&m);
	pthread_condattr_init(&c);
	CHECK(pthread_mutexattr_setpshared(&m, PTHREAD_PROCESS_SHARED) == 0 && pthread_condattr_setpshared(&c, PTHREAD_PROCESS_SHARED) == 0);
	CHECK(pthread_mutex_init(&shared->mutex, &m) == 0 && pthread_cond_init(&shared->condition, &c) == 0);
	CHECK(sem_init(&shared->semaphore, 1, 0) == 0);
	pid_t child = fork();
	if (child == 0) {
		for (int i = 0; i < 1000; i++) {
			pthread_mutex_lock(&shared->mutex);
			shared->value++;
			pthread_cond_signal(&shared->condition);
			pthread_mutex_unlock(&shared->mutex);
		}
		sem_post(&shared->semaphore);
		_exit(0);
	}
	pthread_mutex_lock(&shared->mutex);
	while (shared->value < 1000)
		pthread_cond_wait(&shared->condition, &shared->mutex);
	pthread_mutex_unlock(&shared->mutex);
	CHECK(sem_wait(&shared->semaphore) == 0 && shared->value == 1000 && waitpid(child, NULL, 0) == child);
}

int main(void)
{
	pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
	run(counts);
	CHECK(counter == (long)THREADS * ROUNDS && second_counter == counter);
	mutexes();
	conditions();
	read_write_locks();
	barriers();
	semaphores();
	between_processes();
	return check_status();
}
