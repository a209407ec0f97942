#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "syscall.h"

/* The interface's structure is C's: the call fills it in place, and judges the pointers. */
static long status(int fd, const char *restrict path, struct stat *restrict st, int flag)
{
	if (flag == AT_EMPTY_PATH && fd >= 0 && !*path) {
		long ret = __syscall(SYS_fstat, fd, st);
		/* fstat refuses descriptors opened with O_PATH on old kernels. */
		if (ret != -EBADF || __syscall(SYS_fcntl, fd, F_GETFD) < 0) return ret;
	} else if (fd == AT_FDCWD && flag == AT_SYMLINK_NOFOLLOW) {
		return __syscall(SYS_lstat, path, st);
	} else if (fd == AT_FDCWD && !flag) {
		return __syscall(SYS_stat, path, st);
	}
	return __syscall(SYS_newfstatat, fd, path, st, flag);
}

int __fstatat(int fd, const char *restrict path, struct stat *restrict st, int flag)
{
	return __syscall_ret(status(fd, path, st, flag));
}

weak_alias(__fstatat, fstatat);
