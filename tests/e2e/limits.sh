# timeout: 120
# Resource limits that a program is started with, and under which native programs run.
. "$ROOT/tests/e2e/functions"

cat >env.c <<'EOF'
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
int main(void)
{
	struct rlimit stack, data;
	getrlimit(RLIMIT_STACK, &stack);
	getrlimit(RLIMIT_DATA, &data);
	const char *greeting = getenv("GREETING");
	printf("%s %d %d\n", greeting ? greeting : "(null)", stack.rlim_cur == 64 << 10, data.rlim_cur == 1000 << 10);
	return 0;
}
EOF
run wali-cc -O1 -o env.wasm env.c
[ $status -eq 0 ] || wrong "the program does not compile"
mkdir -m 700 cache

# under LIMIT EXPECTED: cold and from the cache. The output goes through a pipe: it is no file.
under() {
	for start in cold warm; do
		(ulimit $1 && GREETING=hello wali-engine run --cache-dir cache env.wasm) 2>&1 | cat >stdout
		[ "$(cat stdout)" = "$2" ] || wrong "under ulimit $1, $start: $(cat stdout)"
	done
	rm -rf cache/*
}

under "-c 0" "hello 0 0"
under "-f 0" "hello 0 0"
under "-f 8" "hello 0 0"
under "-n 5" "hello 0 0"
under "-l 0" "hello 0 0"
under "-S -v 300000" "hello 0 0"
under "-S -d 1000" "hello 0 1"
under "-S -s 64" "hello 1 0"
# Without threads that help to compile; the superuser is not held back.
if command -v prlimit >/dev/null; then
	prlimit --nproc=1 wali-engine run --no-cache env.wasm 2>&1 | cat >stdout
	[ "$(cat stdout)" = "(null) 0 0" ] || wrong "with one process: $(cat stdout)"
fi

# What cannot be is said.
(ulimit -v 300000 && wali-engine run --no-cache env.wasm) >stdout 2>stderr
[ $? -ne 0 ] && grep -Eq 'ulimit -v|hello' stderr stdout || wrong "under a hard limit on the address space"

finish
