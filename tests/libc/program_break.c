// skip-native: glibc's sbrk moves the break, musl's refuses, so programs call the kernel
/* The program break through the system call, as an allocator of its own would use it. */
#include "check.h"
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	long start = syscall(SYS_brk, 0);
	CHECK(start > 0);
	CHECK(syscall(SYS_brk, start + 1000000) == start + 1000000);
	char *memory = (char *)start;
	CHECK(memory[0] == 0 && memory[999999] == 0);
	memset(memory, 'b', 1000000);
	CHECK(syscall(SYS_brk, start + 500000) == start + 500000 && memory[499999] == 'b');
	CHECK(syscall(SYS_brk, start + 1000000) == start + 1000000 && memory[999999] == 0);
	/* A break that cannot be set leaves the old one. */
	CHECK(syscall(SYS_brk, 16) == start + 1000000);
	CHECK(syscall(SYS_brk, start) == start);
	CHECK(sbrk(0) != (void *)-1);
	puts("done");
	return check_status();
}
