#define _GNU_SOURCE
#include <sys/socket.h>
#include "syscall.h"

int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, unsigned flags, struct timespec *timeout)
{
	return syscall_cp(SYS_recvmmsg, fd, messages, count, flags, timeout);
}
