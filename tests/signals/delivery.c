/* How handlers are called: order, nesting, masks, flags, values, stacks. */
#include "../libc/check.h"
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

static char trail[256];

static void mark(char c)
{
	size_t n = strlen(trail);
	if (n + 1 < sizeof trail)
		trail[n] = c;
}

static int trail_is(const char *wanted)
{
	int same = strcmp(trail, wanted) == 0;
	if (!same)
		printf("trail \"%s\", expected \"%s\"\n", trail, wanted);
	memset(trail, 0, sizeof trail);
	return same;
}

static sigset_t set_of(int a, int b)
{
	sigset_t set;
	sigemptyset(&set);
	if (a)
		sigaddset(&set, a);
	if (b)
		sigaddset(&set, b);
	return set;
}

static void handle(int number, void (*handler)(int), int flags, sigset_t mask)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags, .sa_mask = mask};
	CHECK(sigaction(number, &action, NULL) == 0);
}

static int blocks(int number)
{
	sigset_t mask;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	return sigismember(&mask, number);
}

static void letter(int number)
{
	mark(number == SIGUSR1 ? 'a' : number == SIGUSR2 ? 'b' : '?');
	CHECK(blocks(number));
	mark(number == SIGUSR1 ? 'A' : number == SIGUSR2 ? 'B' : '?');
}

/* Two that wait: the kernel starts the lower one first, and the other interrupts it at once. */
static void order(void)
{
	sigset_t both = set_of(SIGUSR1, SIGUSR2), none = set_of(0, 0), old;
	handle(SIGUSR1, letter, 0, none);
	handle(SIGUSR2, letter, 0, none);
	sigprocmask(SIG_BLOCK, &both, &old);
	raise(SIGUSR2);
	raise(SIGUSR1);
	raise(SIGUSR1);
	sigset_t waiting;
	CHECK(sigpending(&waiting) == 0 && sigismember(&waiting, SIGUSR1) && sigismember(&waiting, SIGUSR2));
	CHECK(trail_is(""));
	sigprocmask(SIG_SETMASK, &old, NULL);
	CHECK(trail_is("bBaA"));
	/* A mask keeps the second one waiting until the first is done. */
	handle(SIGUSR1, letter, 0, both);
	sigprocmask(SIG_BLOCK, &both, NULL);
	raise(SIGUSR2);
	raise(SIGUSR1);
	sigprocmask(SIG_SETMASK, &old, NULL);
	CHECK(trail_is("aAbB"));
	/* Both end one sigsuspend, which has them blocked again. */
	handle(SIGUSR1, letter, 0, none);
	sigprocmask(SIG_BLOCK, &both, NULL);
	raise(SIGUSR2);
	raise(SIGUSR1);
	CHECK_ERRNO(sigsuspend(&none), EINTR);
	CHECK(trail_is("bBaA"));
	CHECK(blocks(SIGUSR1) && blocks(SIGUSR2));
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static volatile int depth;

static void again(int number)
{
	mark('0' + depth);
	if (depth++ < 3)
		raise(number);
	mark('x');
	depth--;
}

static void once(int number)
{
	struct sigaction now;
	mark('r');
	sigaction(number, NULL, &now);
	CHECK(now.sa_handler == SIG_DFL);
}

static void flags(void)
{
	struct sigaction back;
	handle(SIGUSR1, again, SA_NODEFER, set_of(0, 0));
	raise(SIGUSR1);
	CHECK(trail_is("0123xxxx"));
	depth = 3;
	handle(SIGUSR1, again, 0, set_of(0, 0));
	raise(SIGUSR1);
	CHECK(trail_is("3x"));
	depth = 0;
	handle(SIGUSR1, once, SA_RESETHAND, set_of(SIGUSR2, 0));
	CHECK(sigaction(SIGUSR1, NULL, &back) == 0 && back.sa_handler == once);
	CHECK((back.sa_flags & SA_RESETHAND) && sigismember(&back.sa_mask, SIGUSR2));
	raise(SIGUSR1);
	CHECK(trail_is("r"));
	CHECK(signal(SIGUSR1, SIG_IGN) == SIG_DFL && signal(SIGUSR1, SIG_IGN) == SIG_IGN);
	raise(SIGUSR1);
	struct sigaction action = {.sa_handler = once};
	CHECK_ERRNO(sigaction(SIGKILL, &action, NULL), EINVAL);
	CHECK_ERRNO(sigaction(65, &action, NULL), EINVAL);
	CHECK(sigaction(SIGKILL, NULL, &back) == 0 && back.sa_handler == SIG_DFL);
}

static siginfo_t seen[16];
static volatile int n_seen;

static void keep(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	if (n_seen < 16)
		seen[n_seen++] = *info;
}

static void handle_info(int number)
{
	struct sigaction action = {.sa_sigaction = keep, .sa_flags = SA_SIGINFO};
	CHECK(sigaction(number, &action, NULL) == 0);
	n_seen = 0;
}

/* Real-time signals queue, lowest first, with their values. */
static void values(void)
{
	sigset_t both = set_of(SIGRTMIN, SIGRTMIN + 1), old;
	handle_info(SIGRTMIN);
	handle_info(SIGRTMIN + 1);
	sigprocmask(SIG_BLOCK, &both, &old);
	for (int i = 0; i < 3; i++) {
		union sigval value = {.sival_int = 100 + i};
		CHECK(sigqueue(getpid(), SIGRTMIN + 1, value) == 0);
		value.sival_ptr = &trail[i];
		CHECK(sigqueue(getpid(), SIGRTMIN, value) == 0);
	}
	siginfo_t info;
	struct timespec now = {0, 0};
	CHECK(sigtimedwait(&both, &info, &now) == SIGRTMIN);
	CHECK(info.si_value.sival_ptr == &trail[0] && info.si_code == SI_QUEUE && info.si_pid == getpid());
	CHECK(sigwaitinfo(&both, &info) == SIGRTMIN && info.si_value.sival_ptr == &trail[1]);
	sigset_t one = set_of(SIGRTMIN + 1, 0);
	CHECK(sigtimedwait(&one, &info, &now) == SIGRTMIN + 1 && info.si_value.sival_int == 100);
	sigprocmask(SIG_SETMASK, &old, NULL);
	CHECK(n_seen == 3);
	int sum = 0;
	for (int i = 0; i < n_seen; i++)
		if (seen[i].si_signo == SIGRTMIN + 1)
			sum += seen[i].si_value.sival_int;
		else
			CHECK(seen[i].si_value.sival_ptr == &trail[2]);
	CHECK(sum == 203);
	sigprocmask(SIG_BLOCK, &both, NULL);
	CHECK_ERRNO(sigtimedwait(&both, &info, &now), EAGAIN);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void origins(void)
{
	handle_info(SIGUSR1);
	kill(getpid(), SIGUSR1);
	CHECK(n_seen == 1 && seen[0].si_code == SI_USER && seen[0].si_pid == getpid());
	CHECK(seen[0].si_uid == getuid() && seen[0].si_signo == SIGUSR1);
	raise(SIGUSR1);
	CHECK(n_seen == 2 && seen[1].si_code == SI_TKILL);
	handle_info(SIGCHLD);
	pid_t child = fork();
	if (child == 0)
		_exit(7);
	while (n_seen == 0)
		pause();
	CHECK(seen[0].si_code == CLD_EXITED && seen[0].si_pid == child && seen[0].si_status == 7);
	CHECK(waitpid(child, NULL, 0) == child);
	signal(SIGCHLD, SIG_DFL);
	timer_t timer;
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	struct itimerspec soon = {{0, 0}, {0, 1000000}};
	event.sigev_value.sival_ptr = &soon;
	handle_info(SIGUSR1);
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	CHECK(timer_settime(timer, 0, &soon, NULL) == 0);
	while (n_seen == 0)
		;
	CHECK(seen[0].si_code == SI_TIMER && seen[0].si_value.sival_ptr == &soon);
	CHECK(timer_delete(timer) == 0);
}

static void block_usr2(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)info;
	ucontext_t *state = context;
	CHECK(!sigismember(&state->uc_sigmask, SIGUSR2));
	sigaddset(&state->uc_sigmask, SIGUSR2);
}

/* The mask in the context is the one that comes back. */
static void context_mask(void)
{
	struct sigaction action = {.sa_sigaction = block_usr2, .sa_flags = SA_SIGINFO};
	sigaction(SIGUSR1, &action, NULL);
	CHECK(!blocks(SIGUSR2));
	raise(SIGUSR1);
	CHECK(blocks(SIGUSR2) && !blocks(SIGUSR1));
	sigset_t none = set_of(0, 0);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static char other_stack[65536];

static void where(int number)
{
	char local;
	stack_t now;
	(void)number;
	uintptr_t here = (uintptr_t)&local, start = (uintptr_t)other_stack;
	mark(here > start && here < start + sizeof other_stack ? 'o' : 'm');
	CHECK(sigaltstack(NULL, &now) == 0);
	mark(now.ss_flags & SS_ONSTACK ? '1' : now.ss_flags & SS_DISABLE ? 'd' : '0');
	if (now.ss_flags & SS_ONSTACK) {
		now.ss_flags = 0;
		CHECK_ERRNO(sigaltstack(&now, NULL), EPERM);
	}
}

static void stacks(void)
{
	stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof other_stack}, old;
	CHECK(sigaltstack(&stack, &old) == 0 && old.ss_flags == SS_DISABLE);
	handle(SIGUSR1, where, SA_ONSTACK, set_of(0, 0));
	handle(SIGUSR2, where, 0, set_of(0, 0));
	raise(SIGUSR1);
	raise(SIGUSR2);
	CHECK(trail_is("o1m0"));
	CHECK(sigaltstack(NULL, &old) == 0 && old.ss_sp == other_stack && old.ss_flags == 0);
	stack.ss_size = 100;
	CHECK_ERRNO(sigaltstack(&stack, NULL), ENOMEM);
	stack.ss_size = sizeof other_stack;
	stack.ss_flags = 76;
	CHECK_ERRNO(sigaltstack(&stack, NULL), EINVAL);
	stack.ss_flags = SS_DISABLE;
	CHECK(sigaltstack(&stack, NULL) == 0);
	raise(SIGUSR1);
	CHECK(trail_is("md"));
}

/* The signals of faults, sent by somebody, are signals like any other. */
static void sent_faults(void)
{
	static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
	sigset_t none = set_of(0, 0), waiting;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		int number = numbers[i], status;
		sigset_t one = set_of(number, 0);
		handle_info(number);
		kill(getpid(), number);
		CHECK(n_seen == 1 && seen[0].si_signo == number && seen[0].si_code == SI_USER);
		sigprocmask(SIG_BLOCK, &one, NULL);
		CHECK(blocks(number));
		raise(number);
		CHECK(n_seen == 1 && sigpending(&waiting) == 0 && sigismember(&waiting, number));
		sigprocmask(SIG_SETMASK, &none, NULL);
		CHECK(n_seen == 2 && sigpending(&waiting) == 0 && !sigismember(&waiting, number));
		signal(number, SIG_IGN);
		raise(number);
		signal(number, SIG_DFL);
		pid_t child = fork();
		if (child == 0) {
			raise(number);
			_exit(0);
		}
		CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == number);
	}
}

static sigjmp_buf jump;

static void leave(int number)
{
	siglongjmp(jump, number);
}

static volatile long spins;

static void spin(void)
{
	for (;;)
		spins++;
}

static int climb(int n)
{
	return n < 2 ? n : climb(n - 1) + climb(n - 2);
}

/* Out of a loop and out of a recursion that make no call. */
static void jumps(void)
{
	handle(SIGALRM, leave, 0, set_of(0, 0));
	for (volatile int round = 0; round < 100; round++) {
		if (sigsetjmp(jump, 1) == 0) {
			ualarm(1000, 0);
			spin();
		}
		CHECK(!blocks(SIGALRM));
		if (sigsetjmp(jump, 1) == 0) {
			ualarm(1000, 0);
			for (;;)
				spins += climb(20);
		}
		CHECK(!blocks(SIGALRM));
	}
	if (sigsetjmp(jump, 0) == 0) {
		ualarm(1000, 0);
		volatile int n = 60;
		spins += climb(n);
	}
	CHECK(blocks(SIGALRM));
	sigset_t none = set_of(0, 0);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static __attribute__((noinline)) uintptr_t stack_here(void)
{
	volatile char local;
	return (uintptr_t)&local;
}

/* No stack is lost in handlers. */
static void many(void)
{
	uintptr_t before = stack_here();
	handle(SIGUSR1, letter, 0, set_of(0, 0));
	for (int i = 0; i < 100000; i++) {
		raise(SIGUSR1);
		memset(trail, 0, sizeof trail);
	}
	CHECK(stack_here() == before);
}

int main(void)
{
	order();
	flags();
	values();
	origins();
	context_mask();
	stacks();
	sent_faults();
	jumps();
	many();
	return check_status();
}
