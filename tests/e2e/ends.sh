# How programs end: statuses, and traps that look like the matching signal, with a backtrace.
. "$ROOT/tests/e2e/functions"

cat >ends.c <<'END'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int zero, one = 1;
static int *volatile nowhere;

__attribute__((noinline)) int inner_function(const char *how)
{
	if (!strcmp(how, "abort"))
		abort();
	if (!strcmp(how, "null"))
		return *nowhere;
	if (!strcmp(how, "divide"))
		return one / zero;
	if (!strcmp(how, "trap"))
		__builtin_trap();
	if (!strcmp(how, "kill"))
		raise(SIGKILL);
	if (!strcmp(how, "term"))
		raise(SIGTERM);
	if (!strcmp(how, "recurse"))
		return inner_function(how) + inner_function(how + zero);
	if (!strcmp(how, "lost"))
		printf("flushed by exit\n");
	return atoi(how);
}

__attribute__((noinline)) int outer_function(const char *how)
{
	return inner_function(how) + zero;
}

int main(int argc, char **argv)
{
	return outer_function(argv[1]);
}
END
wali-cc -O1 -o ends.wasm ends.c

for status_wanted in 0 1 42 126 255; do
	ends $status_wanted wali-engine ends.wasm $status_wanted
done
ends 0 wali-engine ends.wasm 256
ends 255 wali-engine ends.wasm -1
prints 'flushed by exit\n' wali-engine ends.wasm lost

# The statuses a shell gives a native program that dies so.
ends 134 sh -c 'ulimit -c 0; wali-engine ends.wasm abort; exit $?'
ends 139 sh -c 'ulimit -c 0; wali-engine ends.wasm null; exit $?'
contains 'inner_function' stderr
contains 'outer_function' stderr
ends 136 sh -c 'ulimit -c 0; wali-engine ends.wasm divide; exit $?'
contains 'inner_function' stderr
ends 132 sh -c 'ulimit -c 0; wali-engine ends.wasm trap; exit $?'
contains 'outer_function' stderr
ends 139 sh -c 'ulimit -c 0; wali-engine ends.wasm recurse; exit $?'
contains 'inner_function' stderr
[ "$(wc -l <stderr)" -lt 200 ] || wrong 'a backtrace without end'
ends 137 sh -c 'wali-engine ends.wasm kill; exit $?'
ends 143 sh -c 'wali-engine ends.wasm term; exit $?'
[ ! -s stdout ] || wrong 'something on stdout'
finish
