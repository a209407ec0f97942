// flags: -pthread
/* Process groups and sessions: who may join which, what a program's start changes, orphans, reapers,
 * and the controls of prctl. */
#include "../libc/check.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *own;

static int end_of(pid_t child)
{
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* A child that waits until its pipe ends. */
struct waiter {
	pid_t pid;
	int pipe[2], ready[2];
};

static void start(struct waiter *waiter, void (*before)(void), int execute)
{
	char byte;
	CHECK(pipe(waiter->pipe) == 0 && pipe(waiter->ready) == 0);
	waiter->pid = fork();
	if (waiter->pid == 0) {
		close(waiter->pipe[1]);
		if (before)
			before();
		if (execute) {
			dup2(waiter->pipe[0], 0);
			dup2(waiter->ready[1], 1);
			execl(own, own, "wait", NULL);
		}
		if (write(waiter->ready[1], "r", 1) != 1 || read(waiter->pipe[0], &byte, 1) != 0)
			_exit(1);
		_exit(0);
	}
	close(waiter->pipe[0]);
	CHECK(read(waiter->ready[0], &byte, 1) == 1);
}

static int finish(struct waiter *waiter)
{
	close(waiter->pipe[1]);
	close(waiter->ready[0]);
	close(waiter->ready[1]);
	return end_of(waiter->pid);
}

static void lead_session(void)
{
	setsid();
}

static void groups(void)
{
	struct waiter first, second, executed, leader;
	start(&first, NULL, 0);
	start(&second, NULL, 0);
	start(&executed, NULL, 1);
	start(&leader, lead_session, 0);
	CHECK(getpgid(first.pid) == getpgrp());
	CHECK(setpgid(first.pid, first.pid) == 0 && getpgid(first.pid) == first.pid);
	CHECK(setpgid(second.pid, first.pid) == 0 && getpgid(second.pid) == first.pid);
	CHECK_ERRNO(setpgid(executed.pid, executed.pid), EACCES);
	CHECK_ERRNO(setpgid(leader.pid, 0), EPERM);
	CHECK_ERRNO(setpgid(second.pid, leader.pid), EPERM);
	CHECK_ERRNO(setpgid(second.pid, executed.pid), EPERM);
	CHECK_ERRNO(setpgid(first.pid, -1), EINVAL);
	CHECK_ERRNO(setpgid(0, 0x3fffffff), EPERM);
	CHECK_ERRNO(getpgid(0x3fffffff), ESRCH);
	CHECK_ERRNO(getsid(0x3fffffff), ESRCH);
	CHECK(getsid(leader.pid) == leader.pid && getpgid(leader.pid) == leader.pid);
	CHECK(getsid(first.pid) == getsid(0));
	/* A signal for the group reaches its members alone. */
	CHECK(kill(-first.pid, SIGKILL) == 0);
	CHECK(finish(&first) == 1000 + SIGKILL && finish(&second) == 1000 + SIGKILL);
	CHECK_ERRNO(kill(-first.pid, 0), ESRCH);
	CHECK(finish(&leader) == 0 && finish(&executed) == 0);
	pid_t child = fork();
	if (child == 0) {
		CHECK(setpgid(0, 0) == 0);
		CHECK_ERRNO(setsid(), EPERM);
		_exit(check_status());
	}
	CHECK(end_of(child) == 0);
}

/* A stopped group that loses the last one who could continue it gets SIGHUP and SIGCONT. */
static void orphans(void)
{
	int news[2];
	CHECK(pipe(news) == 0);
	pid_t child = fork();
	if (child == 0) {
		if (setsid() < 0)
			_exit(1);
		pid_t middle = fork();
		if (middle == 0) {
			setpgid(0, 0);
			pid_t stopped = fork();
			if (stopped == 0) {
				sigset_t set;
				int number;
				sigemptyset(&set);
				sigaddset(&set, SIGHUP);
				sigprocmask(SIG_BLOCK, &set, NULL);
				raise(SIGSTOP);
				sigwait(&set, &number);
				_exit(write(news[1], number == SIGHUP ? "h" : "?", 1) == 1 ? 0 : 1);
			}
			int status;
			waitpid(stopped, &status, WUNTRACED);
			_exit(WIFSTOPPED(status) ? 0 : 2);
		}
		_exit(end_of(middle));
	}
	char byte = 0;
	CHECK(end_of(child) == 0 && read(news[0], &byte, 1) == 1 && byte == 'h');
	close(news[0]);
	close(news[1]);
}

static void reapers(void)
{
	int is = -1, ends[2];
	CHECK(prctl(PR_GET_CHILD_SUBREAPER, &is) == 0 && is == 0);
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 && prctl(PR_GET_CHILD_SUBREAPER, &is) == 0 && is == 1);
	CHECK(pipe(ends) == 0);
	pid_t child = fork();
	if (child == 0) {
		pid_t grandchild = fork();
		if (grandchild == 0) {
			char byte;
			close(ends[1]);
			_exit(read(ends[0], &byte, 1) == 0 && getppid() > 1 ? 71 : 72);
		}
		_exit(70);
	}
	CHECK(end_of(child) == 70);
	close(ends[1]);
	int status;
	pid_t reaped = wait(&status);
	CHECK(reaped > 0 && reaped != child && WIFEXITED(status));
	close(ends[0]);
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 0) == 0);
}

static void *parent_thread(void *argument)
{
	(void)argument;
	return NULL;
}

static void parent_deaths(void)
{
	int signal_number = -1, news[2], go[2];
	CHECK(prctl(PR_GET_PDEATHSIG, &signal_number) == 0 && signal_number == 0);
	CHECK(prctl(PR_SET_PDEATHSIG, SIGUSR1) == 0 && prctl(PR_GET_PDEATHSIG, &signal_number) == 0 && signal_number == SIGUSR1);
	CHECK_ERRNO(prctl(PR_SET_PDEATHSIG, 65), EINVAL);
	pid_t child = fork();
	if (child == 0)
		_exit(prctl(PR_GET_PDEATHSIG, &signal_number) == 0 && signal_number == 0 ? 0 : 1);
	CHECK(end_of(child) == 0 && prctl(PR_SET_PDEATHSIG, 0) == 0);
	CHECK(pipe(news) == 0 && pipe(go) == 0);
	child = fork();
	if (child == 0) {
		pid_t grandchild = fork();
		if (grandchild == 0) {
			sigset_t set;
			int number = 0;
			sigemptyset(&set);
			sigaddset(&set, SIGUSR2);
			sigprocmask(SIG_BLOCK, &set, NULL);
			prctl(PR_SET_PDEATHSIG, SIGUSR2);
			if (write(go[1], "g", 1) != 1)
				_exit(1);
			sigwait(&set, &number);
			_exit(write(news[1], "d", 1) == 1 ? 0 : 1);
		}
		char byte;
		_exit(read(go[0], &byte, 1) == 1 ? 0 : 1);
	}
	char byte = 0;
	CHECK(end_of(child) == 0 && read(news[0], &byte, 1) == 1 && byte == 'd');
	for (int i = 0; i < 2; i++) {
		close(news[i]);
		close(go[i]);
	}
	pthread_t id;
	CHECK(pthread_create(&id, NULL, parent_thread, NULL) == 0 && pthread_join(id, NULL) == 0);
}

static void controls(void)
{
	char name[17] = {0};
	CHECK(prctl(PR_SET_NAME, "a name that is too long") == 0 && prctl(PR_GET_NAME, name) == 0);
	puts(name);
	pid_t child = fork();
	if (child == 0) {
		char inherited[17] = {0};
		_exit(prctl(PR_GET_NAME, inherited) == 0 && !strcmp(inherited, name) ? 0 : 1);
	}
	CHECK(end_of(child) == 0);
	CHECK_ERRNO(prctl(PR_SET_NAME, (char *)16), EFAULT);
	CHECK_ERRNO(prctl(PR_GET_NAME, (char *)16), EFAULT);
	int old = prctl(PR_GET_DUMPABLE);
	CHECK(old >= 0 && prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_GET_DUMPABLE) == 0);
	CHECK_ERRNO(prctl(PR_SET_DUMPABLE, 5), EINVAL);
	CHECK(prctl(PR_SET_DUMPABLE, 1) == 0 && prctl(PR_GET_DUMPABLE) == 1);
	CHECK(prctl(PR_GET_KEEPCAPS) == 0 && prctl(PR_SET_KEEPCAPS, 1) == 0 && prctl(PR_GET_KEEPCAPS) == 1);
	CHECK(prctl(PR_SET_KEEPCAPS, 0) == 0);
	CHECK(prctl(PR_SET_TIMERSLACK, 12345) == 0 && prctl(PR_GET_TIMERSLACK) == 12345);
	CHECK(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0);
	child = fork();
	if (child == 0)
		_exit(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 1);
	CHECK(end_of(child) == 0);
	CHECK_ERRNO(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), EINVAL);
	CHECK_ERRNO(prctl(12345), EINVAL);
	printf("timing %d thp %d\n", prctl(PR_GET_TIMING), prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
	CHECK(prctl(PR_CAPBSET_READ, 0) >= 0);
	CHECK_ERRNO(prctl(PR_CAPBSET_READ, 1000), EINVAL);
	CHECK(prctl(PR_GET_SECUREBITS) >= 0);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		char byte;
		return write(1, "r", 1) == 1 && read(0, &byte, 1) == 0 ? 0 : 1;
	}
	own = argv[0];
	alarm(50);
	groups();
	orphans();
	reapers();
	parent_deaths();
	controls();
	return check_status();
}
