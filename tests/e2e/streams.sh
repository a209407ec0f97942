# Programs in pipelines, with redirected and closed streams, and under signals from outside.
. "$ROOT/tests/e2e/functions"

cat >cat.c <<'END'
#include <stdio.h>
#include <unistd.h>
int main(void)
{
	char buffer[65536];
	ssize_t n;
	while ((n = read(0, buffer, sizeof buffer)) > 0)
		if (write(1, buffer, n) != n)
			return 3;
	return n < 0 ? 4 : 0;
}
END
cat >yes.c <<'END'
#include <stdio.h>
int main(void)
{
	while (puts("yes") >= 0)
		;
	return 9;
}
END
cat >wait.c <<'END'
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static void handler(int number)
{
	write(1, "caught\n", 7);
	_exit(40 + number);
}
int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "catch"))
		signal(SIGTERM, handler);
	if (argc > 1 && !strcmp(argv[1], "spin")) {
		signal(SIGTERM, handler);
		write(1, "ready\n", 6);
		for (volatile int i = 0;; i++)
			;
	}
	write(1, "ready\n", 6);
	for (;;)
		pause();
}
END
for name in cat yes wait; do wali-cc -O2 -w -o $name.wasm $name.c; done

head -c 3000000 /dev/urandom >random
wali-engine cat.wasm <random | wali-engine cat.wasm | wali-engine cat.wasm >copy
cmp random copy || wrong 'a pipeline changed the data'
prints 'text' sh -c 'printf text | wali-engine cat.wasm'
prints '' wali-engine cat.wasm </dev/null
ends 4 sh -c 'wali-engine cat.wasm <&-'
ends 3 sh -c 'printf x | wali-engine cat.wasm >&-'
ends 3 sh -c 'printf x | wali-engine cat.wasm >/dev/full'

# A reader that goes away ends the writer by SIGPIPE, as it does natively; ignored, the write fails.
prints 'yes\n' sh -c '{ wali-engine yes.wasm; echo $? >pipe_status; } | head -n 1'
contains '^141$' pipe_status
prints 'yes\n' sh -c '{ (trap "" PIPE; wali-engine yes.wasm); echo $? >pipe_status; } | head -n 1'
contains '^9$' pipe_status

# Signals from outside reach the program: by default, caught, ignored by its parent.
signalled() {
	mkfifo ready
	# Open at both ends, so that the program always finds a reader.
	exec 9<>ready
	wali-engine wait.wasm "$1" >&9 &
	pid=$!
	read -r line <&9
	kill -"$2" $pid
	wait $pid
	status=$?
	exec 9>&-
	rm ready
	[ $status -eq "$3" ] || wrong "status $status, expected $3: signal $2, $1"
}
: >stdout
: >stderr
signalled default TERM 143
signalled default KILL 137
signalled default HUP 129
signalled catch TERM 55
signalled spin TERM 55
signalled default USR1 138

# Descriptors beyond the three are inherited, as the shell's redirections expect.
cat >seven.c <<'END'
#include <unistd.h>
int main(void)
{
	return write(7, "on seven\n", 9) == 9 ? 0 : 1;
}
END
wali-cc -o seven.wasm seven.c
prints 'on seven\n' sh -c 'wali-engine seven.wasm 7>&1'
ends 1 sh -c 'wali-engine seven.wasm 7>&-'
finish
