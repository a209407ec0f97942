#include <stdarg.h>
#include <sys/prctl.h>
#include "syscall.h"

#undef prctl

/* <sys/prctl.h> widens the arguments to unsigned long before they come here. */
int prctl(int op, ...)
{
	unsigned long x[4] = {0};
	va_list ap;
	va_start(ap, op);
	if (*(void **)&ap)
		for (int i = 0; i < 4; i++) x[i] = va_arg(ap, unsigned long);
	va_end(ap);
	return syscall(SYS_prctl, op, x[0], x[1], x[2], x[3]);
}
