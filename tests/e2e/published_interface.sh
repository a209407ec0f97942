# A program built with --wali-compat keeps to the published imports, threads and all; what libc has
# beyond them answers ENOSYS in it.
. "$ROOT/tests/e2e/functions"

cat >threads.c <<'END'
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *answer(void *given)
{
	return given;
}

int main(void)
{
	pthread_t thread;
	void *result = 0;
	int value = 3;
	if (pthread_create(&thread, 0, answer, &value) || pthread_join(thread, &result) || result != &value)
		return 1;
	return syscall(SYS_memfd_create, "none", 0) == -1 && errno == ENOSYS ? 7 : 8;
}
END
ends 0 wali-cc -O2 --wali-compat threads.c -o published.wasm
ends 0 wali-cc --wali-check --wali-compat published.wasm
ends 7 wali-engine published.wasm
ends 0 wali-cc -O2 threads.c -o usual.wasm
ends 1 wali-cc --wali-check --wali-compat usual.wasm
ends 8 wali-engine usual.wasm

finish
