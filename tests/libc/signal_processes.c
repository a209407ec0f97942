// skip-cross: qemu does not execute programs of its instruction set
/* Signals between processes: SIGCHLD, dispositions and masks across fork and exec, many at once. */
#include "check.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t children, got;

static void reap(int number)
{
	(void)number;
	int saved = errno;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		children++;
	errno = saved;
}

static void catch(int number)
{
	(void)number;
	got++;
}

static void many_children(void)
{
	struct sigaction action = {.sa_handler = reap, .sa_flags = SA_RESTART};
	sigset_t block, old;
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigaction(SIGCHLD, &action, NULL);
	sigprocmask(SIG_BLOCK, &block, &old);
	for (int i = 0; i < 30; i++)
		if (fork() == 0)
			_exit(i);
	while (children < 30)
		sigsuspend(&old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	CHECK_ERRNO(wait(NULL), ECHILD);
	/* Ignored children leave no status behind. */
	signal(SIGCHLD, SIG_IGN);
	if (fork() == 0)
		_exit(1);
	CHECK_ERRNO(wait(NULL), ECHILD);
	signal(SIGCHLD, SIG_DFL);
}

static int again(char *program, const char *word)
{
	pid_t child = fork();
	if (child == 0) {
		execl(program, program, word, NULL);
		_exit(99);
	}
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* Exec keeps ignored signals and the mask, and resets handlers. */
static void across_exec(char *program)
{
	sigset_t set;
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, catch);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fflush(stdout);
	CHECK(again(program, "look") == 0);
	CHECK(again(program, "die") == -SIGUSR2);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGUSR1, SIG_DFL);
}

static int look(void)
{
	struct sigaction action;
	sigset_t set;
	CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
	CHECK(sigaction(SIGUSR2, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
	CHECK(sigprocmask(SIG_BLOCK, NULL, &set) == 0 && sigismember(&set, SIGTERM));
	return check_status();
}

static void across_fork(void)
{
	signal(SIGUSR1, catch);
	got = 0;
	sigset_t set, old;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	raise(SIGUSR1);
	pid_t child = fork();
	if (child == 0) {
		/* Pending signals are not inherited, handlers and masks are. */
		sigset_t pending;
		sigpending(&pending);
		if (sigismember(&pending, SIGUSR1))
			_exit(1);
		raise(SIGUSR1);
		sigprocmask(SIG_SETMASK, &old, NULL);
		_exit(got == 1 ? 0 : 2);
	}
	int status;
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
	CHECK(got == 1);
}

static void ping_pong(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pid_t parent = getpid(), child = fork();
	int number;
	if (child == 0) {
		for (int i = 0; i < 500; i++) {
			sigwait(&set, &number);
			kill(parent, SIGUSR1);
		}
		_exit(0);
	}
	for (int i = 0; i < 500; i++) {
		kill(child, SIGUSR1);
		sigwait(&set, &number);
	}
	CHECK(waitpid(child, NULL, 0) == child);
}

static void groups(void)
{
	int ends[2];
	CHECK(pipe(ends) == 0);
	pid_t leader = fork();
	if (leader == 0) {
		setpgid(0, 0);
		for (int i = 0; i < 2; i++)
			if (fork() == 0) {
				signal(SIGTERM, SIG_DFL);
				if (write(ends[1], "r", 1) == 1)
					pause();
				_exit(0);
			}
		int died = 0, status;
		signal(SIGTERM, SIG_IGN);
		if (write(ends[1], "R", 1) == 1)
			while (wait(&status) > 0)
				died += WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM;
		_exit(died);
	}
	char ready[3];
	for (int i = 0; i < 3; i++)
		CHECK(read(ends[0], ready + i, 1) == 1);
	CHECK(killpg(leader, SIGTERM) == 0);
	int status;
	CHECK(waitpid(leader, &status, 0) == leader && WEXITSTATUS(status) == 2);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "look"))
		return look();
	if (argc > 1)
		return raise(SIGUSR2);
	many_children();
	across_exec(argv[0]);
	across_fork();
	ping_pong();
	groups();
	return check_status();
}
