/* A coroutine-free interpreter in the style of Lua's protected calls: jumps out of deep, mixed recursion a
   hundred thousand times, with heap objects that must not leak. */
#include "check.h"
#include <setjmp.h>
#include <stdlib.h>

struct handler {
	jmp_buf jump;
	struct handler *previous;
	int status;
};

static struct handler *current;
static int allocated;

static void throw_error(int status)
{
	current->status = status;
	longjmp(current->jump, 1);
}

static int protect(void (*function)(int), int argument)
{
	struct handler handler = {.previous = current};
	current = &handler;
	if (setjmp(handler.jump) == 0)
		function(argument);
	current = handler.previous;
	return handler.status;
}

static void fails_deeply(int depth)
{
	volatile int local = depth * 3;
	if (depth == 0)
		throw_error(99);
	else
		fails_deeply(depth - 1);
	CHECK(local == depth * 3);
}

static void tries_again(int depth)
{
	int *object = malloc(sizeof *object);
	allocated++;
	*object = depth;
	int status = protect(fails_deeply, depth % 7);
	CHECK(status == 99 && *object == depth);
	free(object);
	allocated--;
	if (depth != 0)
		tries_again(depth - 1);
	throw_error(depth + 1);
}

int main(void)
{
	long total = 0;
	for (int i = 0; i < 5000; i++)
		total += protect(tries_again, i % 20);
	printf("%ld %d\n", total, allocated);
	CHECK(current == NULL);
	return check_status();
}
