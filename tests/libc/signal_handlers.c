// skip-cross: qemu keeps two of the real-time signals for itself
/* Handlers of one and of three arguments, what they are told, flags, masks, and raising from handlers. */
#include "check.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t count, last, depth, deepest;
static volatile siginfo_t told;

static void simple(int number)
{
	count++;
	last = number;
}

static void detailed(int number, siginfo_t *info, void *context)
{
	count++;
	last = number;
	told = *info;
	CHECK(context != NULL);
}

static void install(int number, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	sigemptyset(&action.sa_mask);
	CHECK(sigaction(number, &action, NULL) == 0);
}

static void raising(void)
{
	CHECK(signal(SIGUSR1, simple) == SIG_DFL);
	CHECK(raise(SIGUSR1) == 0 && count == 1 && last == SIGUSR1);
	CHECK(kill(getpid(), SIGUSR1) == 0 && count == 2);
	CHECK(signal(SIGUSR1, SIG_IGN) == simple && raise(SIGUSR1) == 0 && count == 2);
	CHECK(signal(SIGUSR1, SIG_DFL) == SIG_IGN);
	CHECK_ERRNO(signal(SIGKILL, simple), EINVAL);
	CHECK_ERRNO(signal(999, simple), EINVAL);
	CHECK_ERRNO(kill(getpid(), 999), EINVAL);
	CHECK(kill(getpid(), 0) == 0);
	CHECK_ERRNO(kill(0x7ffffff0, 0), ESRCH);
	struct sigaction old;
	install(SIGUSR2, simple, SA_RESTART);
	CHECK(sigaction(SIGUSR2, NULL, &old) == 0 && old.sa_handler == simple && (old.sa_flags & SA_RESTART));
	CHECK_ERRNO(sigaction(SIGSTOP, &old, NULL), EINVAL);
	/* Every signal a program may use. */
	for (int number = 1; number < 32; number++) {
		if (number == SIGKILL || number == SIGSTOP)
			continue;
		count = 0;
		install(number, simple, 0);
		CHECK(raise(number) == 0 && count == 1 && last == number);
		signal(number, SIG_DFL);
	}
	for (int number = SIGRTMIN; number <= SIGRTMAX; number++) {
		count = 0;
		install(number, simple, 0);
		CHECK(raise(number) == 0 && count == 1 && last == number);
		signal(number, SIG_DFL);
	}
}

static void information(void)
{
	struct sigaction action = {.sa_sigaction = detailed, .sa_flags = SA_SIGINFO};
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && sigaction(SIGRTMIN, &action, NULL) == 0 && sigaction(SIGCHLD, &action, NULL) == 0);
	count = 0;
	kill(getpid(), SIGUSR1);
	CHECK(count == 1 && told.si_signo == SIGUSR1 && told.si_code == SI_USER && told.si_pid == getpid() && told.si_uid == getuid());
	raise(SIGUSR1);
	CHECK(told.si_code == SI_TKILL);
	CHECK(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 4711}) == 0);
	CHECK(told.si_signo == SIGRTMIN && told.si_code == SI_QUEUE && told.si_value.sival_int == 4711);
	pid_t child = fork();
	if (child == 0)
		_exit(23);
	int status;
	while (last != SIGCHLD)
		usleep(1000);
	CHECK(told.si_code == CLD_EXITED && told.si_status == 23 && told.si_pid == child);
	CHECK(waitpid(child, &status, 0) == child);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGRTMIN, SIG_DFL);
}

static void nested(int number)
{
	depth++;
	if (depth > deepest)
		deepest = depth;
	count++;
	if (count < 3)
		raise(number);
	depth--;
}

static void other_first(int number)
{
	printf("%s handler starts\n", number == SIGUSR1 ? "outer" : "inner");
	if (number == SIGUSR1)
		raise(SIGUSR2);
	printf("%s handler ends\n", number == SIGUSR1 ? "outer" : "inner");
}

static void flags(void)
{
	count = deepest = 0;
	install(SIGUSR1, nested, 0);
	raise(SIGUSR1);
	CHECK(count == 3 && deepest == 1);
	count = deepest = 0;
	install(SIGUSR1, nested, SA_NODEFER);
	raise(SIGUSR1);
	CHECK(count == 3 && deepest == 3);
	install(SIGUSR1, simple, SA_RESETHAND);
	struct sigaction now;
	raise(SIGUSR1);
	CHECK(sigaction(SIGUSR1, NULL, &now) == 0 && now.sa_handler == SIG_DFL);
	install(SIGUSR1, other_first, 0);
	install(SIGUSR2, other_first, 0);
	raise(SIGUSR1);
	struct sigaction masked = {.sa_handler = other_first};
	sigaddset(&masked.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &masked, NULL);
	raise(SIGUSR1);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGUSR2, SIG_DFL);
}

static void masks(void)
{
	sigset_t set, old, pending;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN);
	install(SIGUSR1, simple, 0);
	install(SIGRTMIN, simple, 0);
	CHECK(sigprocmask(SIG_BLOCK, &set, &old) == 0 && !sigismember(&old, SIGUSR1));
	count = 0;
	for (int i = 0; i < 3; i++) {
		raise(SIGUSR1);
		raise(SIGRTMIN);
	}
	CHECK(count == 0 && sigpending(&pending) == 0 && sigismember(&pending, SIGUSR1) && sigismember(&pending, SIGRTMIN));
	/* The classic signal is merged into one, the real-time signal is queued. */
	CHECK(sigprocmask(SIG_SETMASK, &old, NULL) == 0 && count == 4);
	CHECK(sigprocmask(SIG_BLOCK, NULL, &old) == 0 && !sigismember(&old, SIGUSR1));
	CHECK_ERRNO(sigprocmask(99, &set, NULL), EINVAL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	int number = 0;
	CHECK(sigwait(&set, &number) == 0 && number == SIGUSR1 && count == 4);
	sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 5});
	siginfo_t info;
	CHECK(sigwaitinfo(&set, &info) == SIGRTMIN && info.si_value.sival_int == 5);
	CHECK_ERRNO(sigtimedwait(&set, &info, &(struct timespec){0, 1000000}), EAGAIN);
	raise(SIGUSR1);
	signal(SIGUSR1, SIG_IGN);
	CHECK(sigpending(&pending) == 0 && !sigismember(&pending, SIGUSR1));
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void sets(void)
{
	sigset_t a, b, c;
	CHECK(sigfillset(&a) == 0 && sigemptyset(&b) == 0 && sigisemptyset(&b) && !sigisemptyset(&a));
	CHECK(sigdelset(&a, SIGINT) == 0 && !sigismember(&a, SIGINT) && sigismember(&a, SIGRTMAX));
	CHECK(sigaddset(&b, 40) == 0 && sigandset(&c, &a, &b) == 0 && sigismember(&c, 40) && !sigismember(&c, 41));
	CHECK(sigorset(&c, &b, &b) == 0 && sigismember(&c, 40));
	CHECK_ERRNO(sigaddset(&a, 0), EINVAL);
	CHECK_ERRNO(sigaddset(&a, 65), EINVAL);
}

int main(void)
{
	raising();
	information();
	flags();
	masks();
	sets();
	return check_status();
}
