#include <stdarg.h>
#include <sys/types.h>
#include <sys/ptrace.h>
#include "syscall.h"

/* No request returns data through memory here: the call is refused, or traces this process. */
long ptrace(int request, ...)
{
	pid_t pid = 0;
	void *address = 0, *data = 0;
	va_list ap;
	va_start(ap, request);
	if (*(void **)&ap) {
		pid = va_arg(ap, pid_t);
		address = va_arg(ap, void *);
		data = va_arg(ap, void *);
	}
	va_end(ap);
	return syscall(SYS_ptrace, request, pid, address, data);
}
