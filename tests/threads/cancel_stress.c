// flags: -pthread
/* Cancellation against everything a thread may be doing at that moment, its very beginning included,
 * while another signal has a handler and arrives all the time. Each round runs in a process of its
 * own, since only the first thread of a process begins under the conditions of a first thread. */
#include "../libc/check.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES = 150, THREADS = 6 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static sem_t closed;
static int empty_pipe[2];
static atomic_int cleaned, handled;
static _Thread_local int mine = 7;

static void on_signal(int number)
{
	(void)number;
	mine++;
	atomic_fetch_add(&handled, 1);
}

static void clean(void *arg)
{
	(void)arg;
	atomic_fetch_add(&cleaned, 1);
}

static void unlock(void *arg)
{
	pthread_mutex_unlock(arg);
}

static void *reads(void *arg)
{
	char byte;
	(void)arg;
	while (read(empty_pipe[0], &byte, 1) < 0 && errno == EINTR)
		;
	return 0;
}

static void *waits(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	for (;;)
		pthread_cond_wait(&never, &mutex);
	pthread_cleanup_pop(1);
	return 0;
}

static void *takes(void *arg)
{
	(void)arg;
	while (sem_wait(&closed) && errno == EINTR)
		;
	return 0;
}

static void *sleeps(void *arg)
{
	struct timespec left = { .tv_sec = 600 };
	(void)arg;
	while (nanosleep(&left, &left) && errno == EINTR)
		;
	return 0;
}

static void *computes(void *arg)
{
	volatile unsigned n = 0;
	(void)arg;
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, 0);
	for (;;)
		n++;
	return 0;
}

static void *looks(void *arg)
{
	(void)arg;
	for (;;)
		pthread_testcancel();
	return 0;
}

static void *(*const WORK[])(void *) = { reads, waits, takes, sleeps, computes, looks };
enum { KINDS = sizeof WORK / sizeof *WORK };

static void *body(void *arg)
{
	void *result;
	pthread_cleanup_push(clean, 0);
	/* The first use of a thread-local variable: it has to be there from the beginning. */
	mine += 1;
	result = WORK[(size_t)arg % KINDS](arg);
	pthread_cleanup_pop(1);
	return result;
}

/* A quick one: cancelled while it is being born. */
static void *brief(void *arg)
{
	pthread_testcancel();
	return arg;
}

static int in_process(int number)
{
	pthread_t threads[THREADS];
	int canceled = 0, births = 0;
	struct sigaction sa = { .sa_handler = on_signal };
	sigaction(SIGUSR1, &sa, 0);
	CHECK(pipe(empty_pipe) == 0 && sem_init(&closed, 0, 0) == 0);
	for (int t = 0; t < THREADS; t++) {
		pthread_t born;
		CHECK(pthread_create(&born, 0, brief, 0) == 0);
		if ((number + t) % 2)
			pthread_kill(born, SIGUSR1);
		CHECK(pthread_cancel(born) == 0);
		CHECK(pthread_create(&threads[t], 0, body, (void *)(size_t)(number + t)) == 0);
		if ((number + t) % 3 == 0)
			pthread_cancel(threads[t]);
		void *result;
		CHECK(pthread_join(born, &result) == 0);
		births += result == PTHREAD_CANCELED || !result;
	}
	for (int n = 0; n < 60; n++)
		pthread_kill(threads[n % THREADS], SIGUSR1);
	for (int t = 0; t < THREADS; t++)
		pthread_cancel(threads[t]);
	for (int t = 0; t < THREADS; t++) {
		void *result;
		CHECK(pthread_join(threads[t], &result) == 0);
		canceled += result == PTHREAD_CANCELED;
	}
	CHECK(births == THREADS);
	CHECK(canceled == THREADS);
	CHECK(cleaned <= THREADS);
	CHECK(mine >= 7);
	return check_status();
}

int main(void)
{
	int good = 0;
	for (int p = 0; p < PROCESSES; p++) {
		int status;
		pid_t child = fork();
		if (!child)
			_exit(in_process(p));
		CHECK(waitpid(child, &status, 0) == child);
		if (WIFSIGNALED(status))
			printf("process %d ended by signal %d\n", p, WTERMSIG(status));
		good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	}
	printf("%d of %d processes\n", good, PROCESSES);
	return check_status();
}
