#include <sys/socket.h>
#include "syscall.h"

/* The engine takes lengths as <sys/socket.h> has them: no padding has to be cleared for a kernel
 * that takes them for longer, and a bad pointer is its to refuse. */
ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return syscall_cp(SYS_sendmsg, fd, msg, flags);
}
