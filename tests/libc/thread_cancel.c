/* Cancellation: at cancellation points, deferred, disabled, cleanup handlers, pthread_exit, signals, fork. */
#include "check.h"
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2], order;
static sem_t ready;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void cleanup(void *argument)
{
	order = order * 10 + (int)(intptr_t)argument;
}

static void unlock(void *argument)
{
	order = order * 10 + 7;
	pthread_mutex_unlock(argument);
}

static void *reads(void *argument)
{
	char byte;
	pthread_cleanup_push(cleanup, (void *)1);
	pthread_cleanup_push(cleanup, (void *)2);
	sem_post(&ready);
	while (read(ends[0], &byte, 1) != 1)
		;
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return argument;
}

static void *sleeps(void *argument)
{
	pthread_cleanup_push(cleanup, (void *)3);
	sem_post(&ready);
	for (;;)
		sleep(100);
	pthread_cleanup_pop(1);
	return argument;
}

static void *waits(void *argument)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	sem_post(&ready);
	for (;;)
		pthread_cond_wait(&condition, &mutex);
	pthread_cleanup_pop(1);
	return argument;
}

static void *tests(void *argument)
{
	sem_post(&ready);
	for (;;) {
		pthread_testcancel();
		sched_yield();
	}
	return argument;
}

static void *spins_asynchronously(void *argument)
{
	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL) == 0);
	sem_post(&ready);
	for (volatile unsigned i = 0;; i++)
		;
	return argument;
}

static void cancels(const char *name, void *(*function)(void *))
{
	pthread_t thread;
	void *result = NULL;
	order = 0;
	CHECK(pthread_create(&thread, NULL, function, NULL) == 0);
	sem_wait(&ready);
	/* Once before the thread blocks perhaps, once surely while it is blocked. */
	if (function != reads)
		usleep(5000);
	CHECK(pthread_cancel(thread) == 0 && pthread_join(thread, &result) == 0);
	printf("%s: %s, cleanup %d\n", name, result == PTHREAD_CANCELED ? "cancelled" : "ended", order);
}

static void *is_protected(void *argument)
{
	int old;
	CHECK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old) == 0 && old == PTHREAD_CANCEL_ENABLE);
	sem_post(&ready);
	usleep(20000);
	pthread_testcancel();
	order = 5;
	CHECK(pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old) == 0 && old == PTHREAD_CANCEL_DISABLE);
	pthread_testcancel();
	order = 6;
	return argument;
}

static void *exits_with_cleanup(void *argument)
{
	pthread_cleanup_push(cleanup, (void *)8);
	pthread_exit(argument);
	pthread_cleanup_pop(0);
	return NULL;
}

static void exits(void)
{
	pthread_t thread;
	void *result;
	order = 0;
	pthread_create(&thread, NULL, exits_with_cleanup, (void *)0x1234);
	CHECK(pthread_join(thread, &result) == 0 && result == (void *)0x1234 && order == 8);
}

static volatile sig_atomic_t handled;
static pthread_t handled_by;

static void handler(int number)
{
	(void)number;
	handled_by = pthread_self();
	handled = 1;
}

static void *spins_until_handled(void *argument)
{
	sem_post(&ready);
	while (!handled)
		;
	return argument;
}

static void *blocks_and_waits(void *argument)
{
	sigset_t set;
	int number = 0;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	sem_post(&ready);
	CHECK(sigwait(&set, &number) == 0);
	(void)argument;
	return (void *)(intptr_t)number;
}

static void directed_signals(void)
{
	pthread_t thread;
	void *result;
	signal(SIGUSR1, handler);
	pthread_create(&thread, NULL, spins_until_handled, NULL);
	sem_wait(&ready);
	CHECK(pthread_kill(thread, SIGUSR1) == 0);
	pthread_join(thread, NULL);
	CHECK(pthread_equal(handled_by, thread) && pthread_kill(pthread_self(), 0) == 0);
	pthread_create(&thread, NULL, blocks_and_waits, NULL);
	sem_wait(&ready);
	CHECK(pthread_kill(thread, SIGUSR2) == 0 && pthread_join(thread, &result) == 0 && (intptr_t)result == SIGUSR2);
	sigset_t set;
	CHECK(pthread_sigmask(SIG_BLOCK, NULL, &set) == 0 && !sigismember(&set, SIGUSR2));
}

static int prepared, parents;
static void prepare(void) { prepared = 1; pthread_mutex_lock(&mutex); }
static void parent(void) { parents = 1; pthread_mutex_unlock(&mutex); }

static void *forks(void *argument)
{
	pid_t child = fork();
	if (child == 0) {
		pthread_t thread;
		void *result = NULL;
		int ok = pthread_create(&thread, NULL, exits_with_cleanup, (void *)5) == 0 && pthread_join(thread, &result) == 0;
		_exit(ok && result == (void *)5 && getpid() == gettid() ? 21 : 22);
	}
	int status;
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 21);
	return argument;
}

static void forking(void)
{
	pthread_t thread;
	CHECK(pthread_atfork(prepare, parent, parent) == 0);
	pthread_create(&thread, NULL, forks, NULL);
	pthread_join(thread, NULL);
	CHECK(prepared && parents);
}

static void *outlives(void *main_thread)
{
	void *result;
	CHECK(pthread_join(*(pthread_t *)main_thread, &result) == 0 && result == (void *)99);
	puts("main thread joined");
	exit(check_status());
}

int main(void)
{
	CHECK(pipe(ends) == 0 && sem_init(&ready, 0, 0) == 0);
	cancels("read", reads);
	cancels("sleep", sleeps);
	cancels("condition", waits);
	CHECK(pthread_mutex_trylock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0);
	cancels("testcancel", tests);
	cancels("disabled", is_protected);
	cancels("asynchronous", spins_asynchronously);
	exits();
	directed_signals();
	forking();
	static pthread_t self;
	pthread_t thread;
	self = pthread_self();
	pthread_create(&thread, NULL, outlives, &self);
	pthread_exit((void *)99);
}
