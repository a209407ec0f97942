// A program with threads keeps to the published interface too; what is beyond it answers ENOSYS.
// RUN: wali-cc -O2 --wali-compat %s -o %t/a.wasm
// RUN: wali-cc --wali-check --wali-compat %t/a.wasm
// RUN: wali-engine run %t/a.wasm
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
	return syscall(SYS_memfd_create, "none", 0) == -1 && errno == ENOSYS ? 0 : 2;
}
