/* exit, _exit, atexit order, quick_exit, constructors and destructors, return from main. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int inside_child;

__attribute__((constructor)) static void constructed(void)
{
	puts("constructor");
}

__attribute__((destructor)) static void destructed(void)
{
	if (!inside_child)
		puts("destructor");
}

static void first(void) { puts("registered first"); }
static void second(void) { puts("registered second"); }
static void registers(void)
{
	puts("registers another");
	atexit(first);
}
static void quick(void)
{
	puts("at quick_exit");
	fflush(stdout);
}
static void count(void)
{
	static int calls;
	if (++calls == 100)
		puts("called 100 times");
}
static void exits_again(void)
{
	puts("exits with another status");
	fflush(stdout);
	_exit(44);
}

static void child(int which)
{
	inside_child = 1;
	switch (which) {
	case 0:
		atexit(first);
		atexit(second);
		exit(0);
	case 1:
		atexit(first);
		printf("lost");
		fclose(stdout);
		_exit(300);
	case 2:
		atexit(first);
		at_quick_exit(quick);
		quick_exit(12);
	case 3:
		atexit(registers);
		exit(1000);
	case 4:
		for (int i = 0; i < 100; i++)
			atexit(count);
		exit(-1);
	case 5:
		atexit(exits_again);
		exit(3);
	default:
		_Exit(9);
	}
}

int main(void)
{
	for (int i = 0; i < 7; i++) {
		fflush(stdout);
		pid_t pid = fork();
		if (pid == 0)
			child(i);
		int status;
		CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
		printf("%d: %d\n", i, WEXITSTATUS(status));
	}
	atexit(first);
	puts("main returns");
	return check_failures ? CHECK_FAILED_STATUS : 42;
}
