/* siglongjmp out of handlers, alternate stacks, handlers that allocate, print and fork. */
#include "check.h"
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf back;
static jmp_buf plain;
static volatile sig_atomic_t count;

static void jumps(int number)
{
	count++;
	siglongjmp(back, number);
}

static void out_of_raise(void)
{
	signal(SIGUSR1, jumps);
	for (volatile int i = 0; i < 1000; i++) {
		int result = sigsetjmp(back, 1);
		if (result == 0) {
			raise(SIGUSR1);
			CHECK(!"reached");
		}
		CHECK(result == SIGUSR1);
		sigset_t now;
		sigprocmask(SIG_BLOCK, NULL, &now);
		if (!CHECK(!sigismember(&now, SIGUSR1)))
			return;
	}
	CHECK(count == 1000);
}

static void timeout(int number)
{
	(void)number;
	siglongjmp(back, 1);
}

/* The old way to give a read or a computation a time limit. */
static void out_of_calls(void)
{
	int ends[2];
	char byte;
	CHECK(pipe(ends) == 0);
	signal(SIGALRM, timeout);
	struct itimerval soon = {{0, 0}, {0, 20000}};
	if (sigsetjmp(back, 1) == 0) {
		setitimer(ITIMER_REAL, &soon, NULL);
		CHECK(read(ends[0], &byte, 1) < 0 && !"reached");
	} else
		puts("read timed out");
	if (sigsetjmp(back, 1) == 0) {
		setitimer(ITIMER_REAL, &soon, NULL);
		for (volatile unsigned i = 0;; i++)
			;
	} else
		puts("loop timed out");
}

static void jumps_plainly(int number)
{
	(void)number;
	longjmp(plain, 5);
}

static void leaves_mask(void)
{
	signal(SIGUSR2, jumps_plainly);
	if (setjmp(plain) == 0)
		raise(SIGUSR2);
	sigset_t now;
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("after longjmp the signal is %s\n", sigismember(&now, SIGUSR2) ? "blocked" : "not blocked");
	sigemptyset(&now);
	sigprocmask(SIG_SETMASK, &now, NULL);
}

static stack_t alternate;

static void on_alternate(int number)
{
	(void)number;
	stack_t now;
	CHECK(sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_ONSTACK));
	CHECK_ERRNO(sigaltstack(&alternate, NULL), EPERM);
	count++;
}

static void alternate_stack(void)
{
	alternate.ss_size = 65536;
	alternate.ss_sp = malloc(alternate.ss_size);
	stack_t old;
	CHECK(sigaltstack(&alternate, &old) == 0 && (old.ss_flags & SS_DISABLE));
	CHECK(sigaltstack(NULL, &old) == 0 && old.ss_sp == alternate.ss_sp && old.ss_size == 65536 && old.ss_flags == 0);
	struct sigaction action = {.sa_handler = on_alternate, .sa_flags = SA_ONSTACK};
	sigaction(SIGUSR1, &action, NULL);
	count = 0;
	raise(SIGUSR1);
	CHECK(count == 1);
	CHECK_ERRNO(sigaltstack(&(stack_t){alternate.ss_sp, 0, 16}, NULL), ENOMEM);
	CHECK(sigaltstack(&(stack_t){NULL, SS_DISABLE, 0}, NULL) == 0);
}

static void works_hard(int number)
{
	char *text = malloc(1000);
	snprintf(text, 1000, "signal %s", number == SIGUSR1 ? "USR1" : "other");
	puts(text);
	free(text);
	fflush(stdout);
	pid_t child = fork();
	if (child == 0)
		_exit(8);
	int status;
	CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 8);
}

int main(void)
{
	out_of_raise();
	out_of_calls();
	leaves_mask();
	alternate_stack();
	signal(SIGUSR1, works_hard);
	raise(SIGUSR1);
	return check_status();
}
