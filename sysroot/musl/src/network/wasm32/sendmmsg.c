#define _GNU_SOURCE
#include <sys/socket.h>
#include "syscall.h"

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, unsigned flags)
{
	return syscall_cp(SYS_sendmmsg, fd, messages, count, flags);
}
