/* Signals and blocking calls: EINTR, SA_RESTART, pause, sigsuspend, alarm, timers, busy loops. */
#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t count;
static int ends[2];

static void simple(int number)
{
	(void)number;
	count++;
}

static void feeds_pipe(int number)
{
	(void)number;
	count++;
	if (count == 2 && write(ends[1], "x", 1) != 1)
		abort();
}

static void install(void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	CHECK(sigaction(SIGALRM, &action, NULL) == 0);
	count = 0;
}

/* Sends SIGALRM again and again, so that none that comes before the call decides the test. */
static void every_ms(int ms)
{
	struct itimerval timer = {{0, ms * 1000}, {0, ms * 1000}};
	CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}

static void interrupted(void)
{
	char byte;
	install(simple, 0);
	every_ms(5);
	CHECK_ERRNO(read(ends[0], &byte, 1), EINTR);
	CHECK_ERRNO(poll(&(struct pollfd){ends[0], POLLIN, 0}, 1, -1), EINTR);
	fd_set set;
	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	CHECK_ERRNO(select(ends[0] + 1, &set, NULL, NULL, NULL), EINTR);
	CHECK_ERRNO(pause(), EINTR);
	CHECK_ERRNO(nanosleep(&(struct timespec){100, 0}, NULL), EINTR);
	struct timespec left = {0, 0};
	CHECK_ERRNO(nanosleep(&(struct timespec){100, 0}, &left), EINTR);
	CHECK(left.tv_sec >= 90);
	CHECK(sleep(100) > 90);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){100, 0}, NULL) == EINTR);
	pid_t child = fork();
	if (child == 0) {
		pause();
		pause();
		for (;;)
			pause();
	}
	int status;
	CHECK_ERRNO(waitpid(child, &status, 0), EINTR);
	every_ms(0);
	kill(child, SIGKILL);
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(count >= 9);
}

static void restarted(void)
{
	char byte = 0;
	install(feeds_pipe, SA_RESTART);
	every_ms(5);
	CHECK(read(ends[0], &byte, 1) == 1 && byte == 'x' && count >= 2);
	every_ms(0);
	install(simple, SA_RESTART);
	every_ms(5);
	pid_t child = fork();
	if (child == 0) {
		usleep(60000);
		_exit(6);
	}
	int status;
	CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 6 && count >= 2);
	/* These are never restarted. */
	CHECK_ERRNO(pause(), EINTR);
	CHECK_ERRNO(poll(NULL, 0, 10000), EINTR);
	every_ms(0);
}

static void busy(void)
{
	install(simple, 0);
	every_ms(2);
	volatile unsigned long turns = 0;
	while (count < 5)
		turns++;
	every_ms(0);
	CHECK(turns > 0);
}

static void suspended(void)
{
	sigset_t block, old, now;
	install(simple, 0);
	sigemptyset(&block);
	sigaddset(&block, SIGALRM);
	sigprocmask(SIG_BLOCK, &block, &old);
	alarm(1);
	CHECK(alarm(0) == 1);
	every_ms(2);
	usleep(20000);
	CHECK(count == 0);
	CHECK_ERRNO(sigsuspend(&old), EINTR);
	CHECK(count >= 1);
	every_ms(0);
	CHECK(sigprocmask(SIG_SETMASK, NULL, &now) == 0 && sigismember(&now, SIGALRM));
	raise(SIGALRM);
	count = 0;
	CHECK_ERRNO(ppoll(NULL, 0, &(struct timespec){10, 0}, &old), EINTR);
	raise(SIGALRM);
	CHECK_ERRNO(pselect(0, NULL, NULL, NULL, &(struct timespec){10, 0}, &old), EINTR);
	CHECK(count == 2);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void interval_timers(void)
{
	struct itimerval timer = {{0, 0}, {50, 0}}, before;
	CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0 && getitimer(ITIMER_REAL, &before) == 0 && before.it_value.tv_sec >= 49);
	timer.it_value.tv_sec = 0;
	CHECK(setitimer(ITIMER_REAL, &timer, &before) == 0 && before.it_value.tv_sec >= 49);
	CHECK_ERRNO(setitimer(9, &timer, NULL), EINVAL);
	timer.it_value.tv_usec = 1000000;
	CHECK_ERRNO(setitimer(ITIMER_REAL, &timer, NULL), EINVAL);
	struct sigaction action = {.sa_handler = simple};
	sigaction(SIGPROF, &action, NULL);
	count = 0;
	timer = (struct itimerval){{0, 0}, {0, 20000}};
	CHECK(setitimer(ITIMER_PROF, &timer, NULL) == 0);
	while (!count)
		;
	CHECK(count == 1);
}

/* A pipe written by the handler wakes a poll: the classic self-pipe. */
static void self_pipe(void)
{
	install(feeds_pipe, SA_RESTART);
	count = 1;
	pid_t parent = getpid(), child = fork();
	if (child == 0) {
		kill(parent, SIGALRM);
		_exit(0);
	}
	int result;
	do {
		result = poll(&(struct pollfd){ends[0], POLLIN, 0}, 1, -1);
	} while (result == -1 && errno == EINTR);
	CHECK(result == 1 && waitpid(child, NULL, 0) == child);
}

int main(void)
{
	CHECK(pipe(ends) == 0);
	interrupted();
	restarted();
	busy();
	suspended();
	interval_timers();
	self_pipe();
	return check_status();
}
