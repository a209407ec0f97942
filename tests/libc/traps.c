/* How a program ends that does the forbidden: its parent sees the signal native code would have died from. */
#include "check.h"
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int zero, one = 1, minimum = INT_MIN, minus_one = -1;
static volatile long long_minimum = LONG_MIN, long_one = 1;
static int *volatile null_pointer;
static volatile int sink;

static void aborts(void) { abort(); }
static void reads_null(void) { sink = *null_pointer; }
static void writes_null(void) { *null_pointer = 1; }
static void reads_near_null(void) { sink = null_pointer[100]; }
static void divides(void) { sink = one / zero; }
static void takes_remainder(void) { sink = one % zero; }
static void divides_long(void) { sink = (int)(long_one / (long)zero); }
static void overflows(void) { sink = minimum / minus_one; }
static void overflows_long(void) { sink = (int)(long_minimum / minus_one); }
static void traps(void) { __builtin_trap(); }
static void reads_unmapped(void)
{
	volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap((void *)page, 4096);
	sink = *page;
}
static void writes_protected(void)
{
	volatile char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*page = 1;
}

static int recurse(volatile char *above)
{
	volatile char frame[512];
	frame[0] = *above;
	frame[511] = 1;
	return *above ? recurse(frame) + frame[0] + frame[511] : 0;
}
static void recurses(void) { sink = recurse((volatile char[]){1}); }

static void aborts_ignoring(void)
{
	signal(SIGABRT, SIG_IGN);
	abort();
}

static void catches(int number)
{
	(void)number;
	_exit(55);
}

static void aborts_catching(void)
{
	signal(SIGABRT, catches);
	abort();
}

static void kills_itself(void) { kill(getpid(), SIGKILL); }
static void writes_without_reader(void)
{
	int ends[2];
	if (pipe(ends) == 0) {
		close(ends[0]);
		sink = (int)write(ends[1], "x", 1);
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{"abort", aborts},
	{"read through null", reads_null},
	{"write through null", writes_null},
	{"read near null", reads_near_null},
	{"division by zero", divides},
	{"remainder by zero", takes_remainder},
	{"long division by zero", divides_long},
	{"division overflow", overflows},
	{"long division overflow", overflows_long},
	{"trap", traps},
	{"read of an unmapped page", reads_unmapped},
	{"write to a protected page", writes_protected},
	{"endless recursion", recurses},
	{"abort while ignored", aborts_ignoring},
	{"abort while caught", aborts_catching},
	{"kill", kills_itself},
	{"broken pipe", writes_without_reader},
};

int main(void)
{
	/* No core files from the deaths to come. */
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		fflush(stdout);
		pid_t child = fork();
		if (child == 0) {
			/* The engine's backtrace is not what is compared. */
			dup2(open("/dev/null", O_WRONLY), 2);
			cases[i].run();
			_exit(66);
		}
		int status;
		CHECK(waitpid(child, &status, 0) == child);
		printf("%s: %s %d\n", cases[i].name, WIFSIGNALED(status) ? "signal" : "exit",
		       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	}
	return check_status();
}
