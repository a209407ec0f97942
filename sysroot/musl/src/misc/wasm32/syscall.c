#define _BSD_SOURCE
#include <stdarg.h>
#include <unistd.h>
#include "syscall.h"
#include "wali_wide.h"

#undef syscall

/* What the macro of <sys/syscall.h> calls. */
long __wali_syscall_wide(long n, long a, long b, long c, long d, long e, long f)
{
	return __syscall_ret(__wali_syscall(n, a, b, c, d, e, f));
}

/* Callers that do not include it pass each argument as the interface has it. */
long syscall(long n, ...)
{
	unsigned wide = 0;
	if (n >= 0 && n < sizeof wali_wide_parameters) wide = wali_wide_parameters[n];
	long arg[6] = {0};
	va_list ap;
	va_start(ap, n);
	/* A call without arguments has no argument area to read. */
	if (*(void **)&ap)
		for (int i = 0; i < 6; i++)
			arg[i] = wide >> i & 1 ? va_arg(ap, long) : va_arg(ap, int);
	va_end(ap);
	return __wali_syscall_wide(n, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}
