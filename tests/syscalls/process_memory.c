// skip-cross: qemu 7.2 has no openat2
// skip-native: the engine refuses what the kernel allows
/* The files through which a program could write the engine's memory cannot be had by any name. */
#include "../libc/check.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char path[64];
	unsigned long how[3] = {O_RDWR, 0, 0};
	int folder = open("/proc/self", O_PATH | O_DIRECTORY);
	CHECK_ERRNO(open("/proc/self/mem", O_RDWR), EACCES);
	CHECK_ERRNO(open("/proc/self/mem", O_RDONLY), EACCES);
	CHECK_ERRNO(open("/proc/thread-self/mem", O_WRONLY), EACCES);
	CHECK_ERRNO(open("/proc/../proc/self/task/../mem", O_RDWR), EACCES);
	snprintf(path, sizeof path, "/proc/%d/mem", getpid());
	CHECK_ERRNO(open(path, O_RDWR), EACCES);
	snprintf(path, sizeof path, "/proc/%d/task/%d/mem", getpid(), getpid());
	CHECK_ERRNO(open(path, O_RDWR), EACCES);
	CHECK_ERRNO(openat(folder, "mem", O_RDWR), EACCES);
	CHECK_ERRNO(creat("/proc/self/mem", 0600), EACCES);
	CHECK_ERRNO(syscall(SYS_openat2, folder, "mem", how, sizeof how), EACCES);
	CHECK(symlink("/proc/self/mem", "link") == 0);
	CHECK_ERRNO(open("link", O_RDWR), EACCES);
	/* Neither through a descriptor that only names it. */
	CHECK_ERRNO(open("/proc/self/mem", O_PATH), EACCES);
	/* Everything else in the folder is there. */
	CHECK(openat(folder, "maps", O_RDONLY) >= 0 && openat(folder, "stat", O_RDONLY) >= 0);
	CHECK(unlink("link") == 0);

	CHECK_ERRNO(syscall(SYS_ptrace, 0L, 0, 0L, 0L), EPERM);
	CHECK_ERRNO(syscall(SYS_userfaultfd, 0), EPERM);
	CHECK_ERRNO(syscall(SYS_io_uring_setup, 1, path), ENOSYS);
	CHECK_ERRNO(syscall(SYS_arch_prctl, 0x1002, 0UL), EINVAL);
	CHECK_ERRNO(syscall(SYS_seccomp, 0, 0, NULL), EINVAL);
	/* A child's end must not look like a fault of the engine's. */
	CHECK_ERRNO(syscall(SYS_clone, (long)SIGSEGV, 0L, 0L, 0L, 0L), EINVAL);
	CHECK_ERRNO(syscall(SYS_clone, (long)SIGFPE, 0L, 0L, 0L, 0L), EINVAL);
	return check_status();
}
