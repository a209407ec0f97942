// flags: -pthread
/* wait4 and waitid: every option, which children they take, what they tell, resource usage. */
#include "../libc/check.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child_that_exits(int code)
{
	pid_t child = fork();
	if (child == 0)
		_exit(code);
	return child;
}

static pid_t child_that_waits(void)
{
	pid_t child = fork();
	if (child == 0)
		for (;;)
			pause();
	return child;
}

static void show(const char *what, pid_t child, const siginfo_t *info)
{
	printf("%s: signo %d code %d status %d errno %d own %d uid %d\n", what, info->si_signo, info->si_code,
	       info->si_status, info->si_errno, info->si_pid == child, info->si_uid == getuid());
}

static void statuses(void)
{
	int status;
	siginfo_t info;
	pid_t child = child_that_exits(300);
	CHECK(waitpid(child, &status, 0) == child);
	printf("%x\n", (unsigned)status);
	child = child_that_waits();
	kill(child, SIGKILL);
	CHECK(waitpid(child, &status, 0) == child);
	printf("%x\n", (unsigned)status);
	child = child_that_exits(9);
	memset(&info, 0xff, sizeof info);
	CHECK(waitid(P_PID, child, &info, WEXITED | WNOWAIT) == 0);
	show("exited, left", child, &info);
	CHECK(waitid(P_PID, child, NULL, WEXITED) == 0);
	CHECK_ERRNO(waitid(P_PID, child, &info, WEXITED), ECHILD);
	child = child_that_waits();
	kill(child, SIGTERM);
	CHECK(waitid(P_ALL, 0, &info, WEXITED) == 0);
	show("killed", child, &info);
	child = fork();
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		signal(SIGABRT, SIG_DFL);
		abort();
	}
	CHECK(waitid(P_PID, child, &info, WEXITED) == 0);
	info.si_code = info.si_code == CLD_DUMPED ? CLD_KILLED : info.si_code;
	show("aborted", child, &info);
}

static void stops(void)
{
	int status;
	siginfo_t info;
	static const int signals[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		int ends[2];
		CHECK(pipe(ends) == 0);
		pid_t child = fork();
		if (child == 0) {
			/* In a session's orphaned group only SIGSTOP stops. */
			raise(SIGSTOP);
			/* The end would take the place of the news that it goes on. */
			close(ends[1]);
			char byte;
			_exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
		}
		close(ends[0]);
		CHECK(waitpid(child, &status, WUNTRACED) == child);
		printf("%x ", (unsigned)status);
		CHECK(waitpid(child, &status, WUNTRACED | WNOHANG) == 0);
		kill(child, SIGCONT);
		CHECK(waitpid(child, &status, WCONTINUED) == child);
		printf("%x ", (unsigned)status);
		close(ends[1]);
		CHECK(waitpid(child, &status, 0) == child);
		printf("%x\n", (unsigned)status);
	}
	pid_t child = child_that_waits();
	kill(child, SIGSTOP);
	CHECK(waitid(P_PID, child, &info, WSTOPPED) == 0);
	show("stopped", child, &info);
	/* Without WSTOPPED a stopped child is none. */
	memset(&info, 0xff, sizeof info);
	CHECK(waitid(P_PID, child, &info, WEXITED | WNOHANG) == 0 && info.si_pid == 0 && info.si_signo == 0);
	CHECK(waitpid(child, &status, WNOHANG) == 0);
	kill(child, SIGCONT);
	CHECK(waitid(P_PID, child, &info, WCONTINUED | WNOWAIT) == 0);
	show("continued, left", child, &info);
	CHECK(waitid(P_PID, child, &info, WCONTINUED) == 0);
	memset(&info, 0xff, sizeof info);
	CHECK(waitid(P_PID, child, &info, WCONTINUED | WNOHANG) == 0 && info.si_pid == 0);
	kill(child, SIGKILL);
	CHECK(waitpid(child, &status, 0) == child);
}

static void choices(void)
{
	int status;
	siginfo_t info;
	pid_t group = fork();
	if (group == 0) {
		setpgid(0, 0);
		raise(SIGSTOP);
		_exit(1);
	}
	CHECK(waitpid(group, &status, WUNTRACED) == group);
	pid_t member = fork();
	if (member == 0) {
		setpgid(0, group);
		_exit(2);
	}
	pid_t other = child_that_exits(3);
	CHECK(waitpid(-group, &status, 0) == member && WEXITSTATUS(status) == 2);
	CHECK(waitpid(0, &status, 0) == other && WEXITSTATUS(status) == 3);
	CHECK(waitpid(-1, &status, WNOHANG) == 0);
	kill(group, SIGCONT);
	CHECK(waitid(P_PGID, group, &info, WEXITED) == 0);
	show("of the group", group, &info);
	int pidfd = (int)syscall(SYS_pidfd_open, child_that_exits(5), 0);
	CHECK(pidfd >= 0 && waitid(P_PIDFD, pidfd, &info, WEXITED) == 0 && info.si_status == 5);
	close(pidfd);
}

static void errors(void)
{
	siginfo_t info;
	int status;
	CHECK_ERRNO(wait(&status), ECHILD);
	CHECK_ERRNO(waitpid(1, &status, 0), ECHILD);
	CHECK_ERRNO(waitpid(-1, &status, WEXITED), EINVAL);
	CHECK_ERRNO(waitpid(-1, &status, 0x100), EINVAL);
	CHECK_ERRNO(waitid(P_ALL, 0, &info, 0), EINVAL);
	CHECK_ERRNO(waitid(P_ALL, 0, &info, WNOHANG), EINVAL);
	CHECK_ERRNO(waitid(7, 0, &info, WEXITED), EINVAL);
	CHECK_ERRNO(waitid(P_PID, 0, &info, WEXITED), EINVAL);
	CHECK_ERRNO(waitid(P_PIDFD, 999, &info, WEXITED), EBADF);
	CHECK_ERRNO(waitid(P_PIDFD, 0, &info, WEXITED), EBADF);
	CHECK_ERRNO(waitid(P_ALL, 0, &info, WEXITED), ECHILD);
	pid_t child = child_that_exits(0);
	CHECK_ERRNO(syscall(SYS_wait4, child, (int *)16, 0, NULL), EFAULT);
	/* The child is gone although its status could not be told. */
	CHECK_ERRNO(waitpid(child, &status, 0), ECHILD);
}

static void usage(void)
{
	struct rusage before, used, children;
	struct tms times_before, times_after;
	getrusage(RUSAGE_CHILDREN, &before);
	times(&times_before);
	pid_t child = fork();
	if (child == 0) {
		volatile unsigned n = 0;
		struct rusage own;
		do {
			for (int i = 0; i < 1000000; i++)
				n++;
			getrusage(RUSAGE_SELF, &own);
		} while (own.ru_utime.tv_sec * 1000000 + own.ru_utime.tv_usec < 100000);
		_exit(0);
	}
	CHECK(wait4(child, NULL, 0, &used) == child);
	getrusage(RUSAGE_CHILDREN, &children);
	times(&times_after);
	long used_us = used.ru_utime.tv_sec * 1000000L + used.ru_utime.tv_usec;
	long total_us = (children.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1000000L + children.ru_utime.tv_usec - before.ru_utime.tv_usec;
	CHECK(used_us >= 100000 && total_us >= used_us && used.ru_maxrss > 0 && used.ru_minflt > 0);
	CHECK(times_after.tms_cutime - times_before.tms_cutime >= sysconf(_SC_CLK_TCK) / 20);
	/* Only children that were waited for count. */
	child = child_that_exits(0);
	siginfo_t info;
	struct rusage left;
	CHECK(syscall(SYS_waitid, P_PID, child, &info, WEXITED | WNOWAIT, &left) == 0 && left.ru_minflt >= 0);
	CHECK(waitpid(child, NULL, 0) == child);
	CHECK_ERRNO(getrusage(7, &used), EINVAL);
}

/* Children that tell of their end by another signal than SIGCHLD. */
static void other_signals(void)
{
	int status;
	signal(SIGUSR1, SIG_IGN);
	pid_t clone_child = (pid_t)syscall(SYS_clone, SIGUSR1, 0, 0, 0, 0);
	if (clone_child == 0)
		_exit(4);
	CHECK_ERRNO(waitpid(clone_child, &status, 0), ECHILD);
	CHECK(waitpid(clone_child, &status, __WALL) == clone_child && WEXITSTATUS(status) == 4);
	clone_child = (pid_t)syscall(SYS_clone, SIGUSR1, 0, 0, 0, 0);
	if (clone_child == 0)
		_exit(6);
	CHECK(waitpid(-1, &status, __WCLONE) == clone_child && WEXITSTATUS(status) == 6);
	signal(SIGUSR1, SIG_DFL);
}

/* Children belong to the process, unless a thread asks for its own. */
static void *thread(void *argument)
{
	pid_t *pids = argument;
	int status;
	CHECK(waitpid(pids[0], &status, 0) == pids[0] && WEXITSTATUS(status) == 21);
	pids[1] = child_that_exits(22);
	pid_t own = child_that_exits(23);
	CHECK(waitpid(own, &status, __WNOTHREAD) == own && WEXITSTATUS(status) == 23);
	return NULL;
}

static void threads(void)
{
	pthread_t id;
	pid_t pids[2] = {child_that_exits(21), 0};
	int status;
	CHECK(pthread_create(&id, NULL, thread, pids) == 0 && pthread_join(id, NULL) == 0);
	CHECK(waitpid(pids[1], &status, 0) == pids[1] && WEXITSTATUS(status) == 22);
	/* A thread's exit does not take its children along. */
	CHECK_ERRNO(wait(NULL), ECHILD);
}

/* Without anybody who waits there is nothing left to wait for. */
static void unwanted(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};
	CHECK(sigaction(SIGCHLD, &action, NULL) == 0);
	child_that_exits(0);
	child_that_exits(0);
	CHECK_ERRNO(wait(NULL), ECHILD);
	action.sa_flags = SA_NOCLDSTOP;
	CHECK(sigaction(SIGCHLD, &action, NULL) == 0);
	pid_t child = child_that_exits(8);
	int status;
	CHECK(wait(&status) == child && WEXITSTATUS(status) == 8);
	signal(SIGCHLD, SIG_DFL);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(50);
	statuses();
	stops();
	choices();
	errors();
	usage();
	other_signals();
	threads();
	unwanted();
	return check_status();
}
