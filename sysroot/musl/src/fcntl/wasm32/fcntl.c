#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include "syscall.h"

static int is_pointer_command(int cmd)
{
	switch (cmd) {
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
	case F_GETOWN_EX:
	case F_SETOWN_EX:
	case F_GETOWNER_UIDS:
	case F_GET_RW_HINT:
	case F_SET_RW_HINT:
	case F_GET_FILE_RW_HINT:
	case F_SET_FILE_RW_HINT:
		return 1;
	}
	return 0;
}

/* The argument is an int or a pointer, both of 4 bytes: to read it as a long would take half of it
 * from elsewhere. A call without an argument has no argument area at all. */
int fcntl(int fd, int cmd, ...)
{
	int value = 0;
	va_list ap;
	va_start(ap, cmd);
	if (*(void **)&ap) value = va_arg(ap, int);
	va_end(ap);

	long arg = is_pointer_command(cmd) ? (unsigned)value : value;
	switch (cmd) {
	case F_SETFL:
		return syscall(SYS_fcntl, fd, cmd, arg | O_LARGEFILE);
	case F_SETLKW:
	case F_OFD_SETLKW:
		return syscall_cp(SYS_fcntl, fd, cmd, arg);
	case F_GETOWN: {
		/* A process group comes as a negative number, which is no error here. */
		struct f_owner_ex owner;
		int ret = __syscall(SYS_fcntl, fd, F_GETOWN_EX, &owner);
		if (ret == -EINVAL) return __syscall(SYS_fcntl, fd, cmd, 0);
		if (ret) return __syscall_ret(ret);
		return owner.type == F_OWNER_PGRP ? -owner.pid : owner.pid;
	}
	default:
		return syscall(SYS_fcntl, fd, cmd, arg);
	}
}
