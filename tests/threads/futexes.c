// flags: -pthread
/* Every futex operation, from the raw calls: requeueing, sets of bits, clocks, vectors, priority
 * inheritance, and words that processes share. */
#include "../libc/check.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	WAIT = 0, WAKE = 1, REQUEUE = 3, CMP_REQUEUE = 4, WAKE_OP = 5, LOCK_PI = 6, UNLOCK_PI = 7,
	TRYLOCK_PI = 8, WAIT_BITSET = 9, WAKE_BITSET = 10, WAIT_REQUEUE_PI = 11, CMP_REQUEUE_PI = 12,
	PRIVATE = 128, REALTIME = 256,
};

/* The words: one to wait on, one to be moved to, one that counts. */
struct words {
	_Atomic uint32_t a, b, count;
};

static long futex(_Atomic uint32_t *word, int op, uint32_t value, const void *timeout,
                  _Atomic uint32_t *other, uint32_t value3)
{
	return syscall(SYS_futex, word, op, value, timeout, other, value3);
}

static struct timespec in(clockid_t clock, long milliseconds)
{
	struct timespec at;
	clock_gettime(clock, &at);
	at.tv_nsec += milliseconds * 1000000;
	at.tv_sec += at.tv_nsec / 1000000000;
	at.tv_nsec %= 1000000000;
	return at;
}

static void nap(void)
{
	struct timespec time = { .tv_nsec = 1000000 };
	nanosleep(&time, NULL);
}

/* Calls until it answers `wanted`: whoever is to wait may not wait yet. */
#define UNTIL(call, wanted)                                        \
	do {                                                       \
		int tries = 20000;                                 \
		while ((call) != (wanted) && CHECK(--tries > 0))   \
			nap();                                     \
	} while (0)

static void *waits(void *arg)
{
	struct words *words = arg;
	CHECK(futex(&words->a, WAIT, 0, NULL, NULL, 0) == 0);
	atomic_fetch_add(&words->count, 1);
	return NULL;
}

static void requeues(void)
{
	static struct words words;
	pthread_t threads[4];
	CHECK_ERRNO(futex(&words.a, CMP_REQUEUE, 1, (void *)1, &words.b, 7), EAGAIN);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, waits, &words);
	/* One at a time moves to the second word, where none is woken by the first. */
	for (int i = 0; i < 4; i++)
		UNTIL(futex(&words.a, CMP_REQUEUE, 0, (void *)1, &words.b, 0), 1);
	CHECK(futex(&words.a, WAKE, 9, NULL, NULL, 0) == 0);
	CHECK(atomic_load(&words.count) == 0);
	CHECK(futex(&words.b, REQUEUE, 1, (void *)1, &words.a, 0) == 2);
	CHECK(futex(&words.a, WAKE, 9, NULL, NULL, 0) == 1);
	CHECK(futex(&words.b, WAKE, 9, NULL, NULL, 0) == 2);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	printf("requeued: %u\n", words.count);
}

static void *waits_for_bit(void *arg)
{
	struct words *words = arg;
	uint32_t bit = 1U << atomic_fetch_add(&words->b, 1);
	CHECK(futex(&words->a, WAIT_BITSET, 0, NULL, NULL, bit) == 0);
	atomic_fetch_add(&words->count, bit);
	return NULL;
}

static void bits(void)
{
	static struct words words;
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, waits_for_bit, &words);
	CHECK(futex(&words.a, WAKE_BITSET, 9, NULL, NULL, 4) == 0);
	UNTIL(futex(&words.a, WAKE_BITSET, 9, NULL, NULL, 2), 1);
	UNTIL(futex(&words.a, WAKE_BITSET, 9, NULL, NULL, 1), 1);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("bits: %u\n", words.count);
	CHECK_ERRNO(futex(&words.a, WAIT_BITSET, 0, NULL, NULL, 0), EINVAL);
	CHECK_ERRNO(futex(&words.a, WAKE_BITSET, 0, NULL, NULL, 0), EINVAL);
}

static void clocks(void)
{
	static _Atomic uint32_t word;
	struct timespec at = in(CLOCK_MONOTONIC, 20), soon = { .tv_nsec = 20000000 }, bad = { .tv_nsec = -1 };
	CHECK_ERRNO(futex(&word, WAIT_BITSET, 0, &at, NULL, ~0U), ETIMEDOUT);
	struct timespec now = in(CLOCK_MONOTONIC, 0);
	CHECK(now.tv_sec > at.tv_sec || now.tv_nsec >= at.tv_nsec);
	at = in(CLOCK_REALTIME, 20);
	CHECK_ERRNO(futex(&word, WAIT_BITSET | REALTIME, 0, &at, NULL, ~0U), ETIMEDOUT);
	CHECK_ERRNO(futex(&word, WAIT | PRIVATE, 0, &soon, NULL, 0), ETIMEDOUT);
	CHECK_ERRNO(futex(&word, WAIT, 0, &bad, NULL, 0), EINVAL);
	CHECK_ERRNO(futex(&word, WAIT, 1, &soon, NULL, 0), EAGAIN);
	CHECK_ERRNO(futex(&word, WAKE | REALTIME, 1, NULL, NULL, 0), ENOSYS);
	/* In the past: no wait. */
	at = (struct timespec){ .tv_sec = 1 };
	CHECK_ERRNO(futex(&word, WAIT_BITSET, 0, &at, NULL, ~0U), ETIMEDOUT);
	CHECK_ERRNO(futex((void *)((char *)&word + 1), WAKE, 1, NULL, NULL, 0), EINVAL);
	CHECK_ERRNO(futex(&word, 99, 1, NULL, NULL, 0), ENOSYS);
	puts("clocks");
}

static void operations(void)
{
	static struct words words;
	pthread_t thread;
	pthread_create(&thread, NULL, waits, &words);
	/* Adds 3 to b, and wakes a's waiters; b's too if it was above 100. */
	uint32_t add = 1U << 28 | 4U << 24 | 3U << 12 | 100U;
	UNTIL(futex(&words.b, WAKE_OP, 0, (void *)1, &words.a, 0U << 28 | 0U << 24), 1);
	pthread_join(thread, NULL);
	CHECK(futex(&words.a, WAKE_OP, 1, (void *)1, &words.b, add) == 0 && words.b == 3);
	printf("operation: %u %u\n", words.count, words.b);
}

/* `struct futex_waitv`. */
struct waiter {
	uint64_t value, address;
	uint32_t flags, reserved;
};

static long wait_for_several(struct waiter *waiters, unsigned n, const struct timespec *timeout)
{
	return syscall(449, waiters, n, 0, timeout, CLOCK_MONOTONIC);
}

static void *waits_for_several(void *arg)
{
	struct words *words = arg;
	struct waiter waiters[] = {
		{ 0, (uintptr_t)&words->a, 2, 0 }, { 0, (uintptr_t)&words->b, 2 | PRIVATE, 0 },
	};
	return (void *)wait_for_several(waiters, 2, NULL);
}

static void vectors(void)
{
	static struct words words;
	struct timespec at = in(CLOCK_MONOTONIC, 10);
	struct waiter waiter = { 1, (uintptr_t)&words.a, 2, 0 };
	if (wait_for_several(&waiter, 1, NULL) == -1 && errno == ENOSYS) {
		puts("vectors");
		return;
	}
	CHECK_ERRNO(wait_for_several(&waiter, 1, NULL), EAGAIN);
	CHECK_ERRNO(wait_for_several(&waiter, 0, NULL), EINVAL);
	waiter.value = 0;
	CHECK_ERRNO(wait_for_several(&waiter, 1, &at), ETIMEDOUT);
	waiter.reserved = 1;
	CHECK_ERRNO(wait_for_several(&waiter, 1, NULL), EINVAL);
	pthread_t thread;
	void *woken = NULL;
	pthread_create(&thread, NULL, waits_for_several, &words);
	UNTIL(futex(&words.b, WAKE | PRIVATE, 1, NULL, NULL, 0), 1);
	pthread_join(thread, &woken);
	CHECK((long)woken == 1);
	puts("vectors");
}

static void *locks_pi(void *arg)
{
	struct words *words = arg;
	CHECK(futex(&words->b, LOCK_PI, 0, NULL, NULL, 0) == 0);
	CHECK((words->b & 0x3fffffff) == (uint32_t)gettid());
	words->count++;
	CHECK(futex(&words->b, UNLOCK_PI, 0, NULL, NULL, 0) == 0);
	return NULL;
}

static void *waits_for_pi(void *arg)
{
	struct words *words = arg;
	CHECK(futex(&words->a, WAIT_REQUEUE_PI, 0, NULL, &words->b, 0) == 0);
	CHECK((words->b & 0x3fffffff) == (uint32_t)gettid());
	words->count += 10;
	CHECK(futex(&words->b, UNLOCK_PI, 0, NULL, NULL, 0) == 0);
	return NULL;
}

static void priorities(void)
{
	static struct words words;
	pthread_t threads[4];
	CHECK(futex(&words.b, LOCK_PI, 0, NULL, NULL, 0) == 0);
	CHECK_ERRNO(futex(&words.b, LOCK_PI, 0, NULL, NULL, 0), EDEADLK);
	CHECK_ERRNO(futex(&words.b, TRYLOCK_PI, 0, NULL, NULL, 0), EDEADLK);
	struct timespec at = in(CLOCK_REALTIME, 10);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, locks_pi, &words);
	for (int i = 2; i < 4; i++)
		pthread_create(&threads[i], NULL, waits_for_pi, &words);
	/* All who wait are moved to the lock. */
	for (int i = 0; i < 2; i++)
		UNTIL(futex(&words.a, CMP_REQUEUE_PI, 1, (void *)0, &words.b, 0), 1);
	CHECK(words.count == 0);
	CHECK(futex(&words.b, UNLOCK_PI, 0, NULL, NULL, 0) == 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	CHECK(words.b == 0);
	CHECK_ERRNO(futex(&words.b, UNLOCK_PI, 0, NULL, NULL, 0), EPERM);
	CHECK(futex(&words.b, LOCK_PI, 0, &at, NULL, 0) == 0);
	CHECK(futex(&words.b, UNLOCK_PI, 0, NULL, NULL, 0) == 0);
	printf("priorities: %u\n", words.count);
}

static pthread_mutex_t inheriting;
static int guarded;

static void *counts_guarded(void *arg)
{
	for (int i = 0; i < 500; i++) {
		CHECK(pthread_mutex_lock(&inheriting) == 0);
		guarded++;
		CHECK(pthread_mutex_unlock(&inheriting) == 0);
	}
	return arg;
}

static void *times_out(void *arg)
{
	struct timespec at = in(CLOCK_REALTIME, 20);
	CHECK(pthread_mutex_timedlock(&inheriting, &at) == ETIMEDOUT);
	CHECK(pthread_mutex_trylock(&inheriting) == EBUSY);
	return arg;
}

static void mutexes(void)
{
	static const int types[] = { PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_RECURSIVE };
	for (int i = 0; i < 3; i++) {
		pthread_mutexattr_t attr;
		pthread_t threads[3];
		int protocol = -1;
		pthread_mutexattr_init(&attr);
		CHECK(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT) == 0);
		CHECK(pthread_mutexattr_getprotocol(&attr, &protocol) == 0 && protocol == PTHREAD_PRIO_INHERIT);
		pthread_mutexattr_settype(&attr, types[i]);
		CHECK(pthread_mutex_init(&inheriting, &attr) == 0);
		for (int n = 0; n < 3; n++)
			pthread_create(&threads[n], NULL, counts_guarded, NULL);
		for (int n = 0; n < 3; n++)
			pthread_join(threads[n], NULL);
		CHECK(pthread_mutex_lock(&inheriting) == 0);
		if (types[i] == PTHREAD_MUTEX_ERRORCHECK)
			CHECK(pthread_mutex_lock(&inheriting) == EDEADLK);
		if (types[i] == PTHREAD_MUTEX_RECURSIVE)
			CHECK(pthread_mutex_lock(&inheriting) == 0 && pthread_mutex_unlock(&inheriting) == 0);
		pthread_create(&threads[0], NULL, times_out, NULL);
		pthread_join(threads[0], NULL);
		CHECK(pthread_mutex_unlock(&inheriting) == 0);
		CHECK(pthread_mutex_destroy(&inheriting) == 0);
	}
	printf("inheriting: %d\n", guarded);
}

static void between_processes(void)
{
	struct words *words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!CHECK(words != MAP_FAILED))
		return;
	for (int i = 0; i < 3; i++)
		if (fork() == 0) {
			waits(words);
			_exit(check_failures);
		}
	for (int i = 0; i < 3; i++)
		UNTIL(futex(&words->a, CMP_REQUEUE, 0, (void *)1, &words->b, 0), 1);
	CHECK(futex(&words->a, WAKE, 9, NULL, NULL, 0) == 0);
	/* A private wake does not reach them. */
	CHECK(futex(&words->b, WAKE | PRIVATE, 9, NULL, NULL, 0) == 0);
	CHECK(futex(&words->b, WAKE, 9, NULL, NULL, 0) == 3);
	for (int i = 0; i < 3; i++) {
		int status;
		CHECK(wait(&status) > 0 && status == 0);
	}
	printf("processes: %u\n", words->count);
}

int main(void)
{
	requeues();
	bits();
	clocks();
	operations();
	vectors();
	priorities();
	mutexes();
	between_processes();
	return check_status();
}
