/* A signal just before a call that blocks must not be lost: rounds of sending one at every distance
   from a call that only its handler can end. Three ways to wait that have no race of their own:
   the handler fills the pipe that is read, jumps out of the call, or ends a sigsuspend. */
#include "../libc/check.h"
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_int *rounds;
static int fds[2];
static volatile sig_atomic_t handled;
static sigjmp_buf jump;

static void fill(int number)
{
	(void)number;
	handled++;
	write(fds[1], "x", 1);
}

static void leave(int number)
{
	(void)number;
	handled++;
	siglongjmp(jump, 1);
}

static void count(int number)
{
	(void)number;
	handled++;
}

static void dawdle(void)
{
	for (volatile int wait = rand() % 300; wait > 0; wait--)
		;
}

/* Sends one signal a round, soon after the round begins. */
static _Noreturn void send_signals(pid_t to, int n_rounds)
{
	for (int round = 1; round <= n_rounds; round++) {
		/* Soon asleep: on a busy processor each round would take a time slice otherwise. */
		for (int looks = 0; atomic_load(rounds) < round; looks++)
			if (looks > 500)
				usleep(20);
		dawdle();
		if (kill(to, SIGUSR1) != 0)
			_exit(1);
	}
	_exit(0);
}

static void read_round(int round)
{
	char byte;
	atomic_store(rounds, round);
	dawdle();
	CHECK(read(fds[0], &byte, 1) == 1);
}

static void jump_round(int round)
{
	char byte;
	if (sigsetjmp(jump, 1) == 0) {
		atomic_store(rounds, round);
		dawdle();
		read(fds[0], &byte, 1);
		CHECK(!"the read ended");
	}
}

static void suspend_round(int round)
{
	sigset_t none;
	sigemptyset(&none);
	atomic_store(rounds, round);
	dawdle();
	CHECK(sigsuspend(&none) == -1 && errno == EINTR);
}

static void run(const char *name, void (*handler)(int), void (*one_round)(int), int n_rounds)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	pid_t parent = getpid();
	int status = -1;
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	handled = 0;
	atomic_store(rounds, 0);
	pid_t child = fork();
	if (child == 0)
		send_signals(parent, n_rounds);
	for (int round = 1; round <= n_rounds; round++)
		one_round(round);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	CHECK(handled == n_rounds);
	printf("%s: done\n", name);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int n_rounds = argc > 1 ? atoi(argv[1]) : 10000;
	sigset_t usr1;
	rounds = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(rounds != MAP_FAILED && pipe(fds) == 0);
	run("read", fill, read_round, n_rounds);
	run("jump", leave, jump_round, n_rounds);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	CHECK(sigprocmask(SIG_BLOCK, &usr1, NULL) == 0);
	run("sigsuspend", count, suspend_round, n_rounds);
	return check_status();
}
