/* setjmp and longjmp: values, nesting, many frames, loops, kept locals, inside expressions. */
#include "check.h"
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf outer, inner;

static void values(void)
{
	static const int sent[] = {1, 0, -1, 42, 0x7fffffff};
	for (volatile size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
		int result = setjmp(outer);
		if (result == 0)
			longjmp(outer, sent[i]);
		printf("%d ", result);
	}
	putchar('\n');
}

static int dive(int depth)
{
	char frame[64];
	memset(frame, depth, sizeof frame);
	if (depth == 0)
		longjmp(outer, 7);
	int result = dive(depth - 1);
	return result + frame[depth % 64];
}

static void many_frames(void)
{
	for (volatile int round = 0; round < 100; round++) {
		int result = setjmp(outer);
		if (!result)
			dive(500);
		CHECK(result == 7);
	}
}

static void nesting(void)
{
	volatile int steps = 0;
	if (setjmp(outer) == 0) {
		if (setjmp(inner) == 0) {
			steps += 1;
			longjmp(inner, 1);
		}
		steps += 10;
		longjmp(outer, 1);
	}
	steps += 100;
	CHECK(steps == 111);
}

static int back_and_forth(void)
{
	volatile int count = 0;
	int result = setjmp(inner);
	count++;
	if (result < 20)
		longjmp(inner, result + 1);
	return count;
}

static void locals(void)
{
	volatile int kept = 1;
	volatile double real = 1.5;
	int untouched = 17;
	struct {
		int a[8];
	} volatile block = {{1, 2, 3, 4, 5, 6, 7, 8}};
	if (setjmp(outer) == 0) {
		kept = 2;
		real = 2.5;
		block.a[7] = 80;
		longjmp(outer, 1);
	}
	CHECK(kept == 2 && real == 2.5 && untouched == 17 && block.a[7] == 80 && block.a[0] == 1);
}

static void expressions(void)
{
	volatile int seen = 0;
	if (!setjmp(outer))
		longjmp(outer, 5);
	else
		seen |= 1;
	switch (setjmp(outer)) {
	case 0:
		longjmp(outer, 3);
	case 3:
		seen |= 2;
		break;
	default:
		seen |= 64;
	}
	volatile int turns = 0;
	while (setjmp(outer) < 4)
		longjmp(outer, ++turns);
	CHECK(seen == 3 && turns == 4);
}

static jmp_buf many[10];

static void leave_level(int level, int target)
{
	if (setjmp(many[level]) == 0) {
		if (level == 9)
			longjmp(many[target], 1);
		leave_level(level + 1, target);
		CHECK(!"unreached");
	} else {
		printf("landed %d\n", level);
		if (level > 0)
			longjmp(many[level - 1], 1);
	}
}

static int compare(const void *a, const void *b)
{
	if (*(const int *)a == 13 || *(const int *)b == 13)
		longjmp(outer, 13);
	return *(const int *)a - *(const int *)b;
}

/* Out of a callback, through library frames. */
static void through_library(void)
{
	int numbers[] = {5, 3, 13, 1, 9, 2};
	int result = setjmp(outer);
	if (!result)
		qsort(numbers, 6, sizeof *numbers, compare);
	CHECK(result == 13);
}

static void masks(void)
{
	sigset_t set, now;
	sigjmp_buf with, without;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (sigsetjmp(with, 1) == 0) {
		sigprocmask(SIG_BLOCK, &set, NULL);
		siglongjmp(with, 1);
	}
	sigprocmask(SIG_BLOCK, NULL, &now);
	CHECK(!sigismember(&now, SIGUSR1));
	if (sigsetjmp(without, 0) == 0) {
		sigprocmask(SIG_BLOCK, &set, NULL);
		siglongjmp(without, 1);
	}
	sigprocmask(SIG_BLOCK, NULL, &now);
	CHECK(sigismember(&now, SIGUSR1));
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int main(void)
{
	values();
	many_frames();
	nesting();
	CHECK(back_and_forth() == 21);
	locals();
	expressions();
	leave_level(0, 4);
	through_library();
	masks();
	return check_status();
}
