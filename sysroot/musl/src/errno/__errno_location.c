/* A program with a start routine of its own may call the library without having set it up; the
 * thread pointer is 0 then, and there is no place for errno below it. */
#include <errno.h>
#include "pthread_impl.h"

int *__errno_location(void)
{
	static int before_start;
	return __get_tp() ? &__pthread_self()->errno_val : &before_start;
}

weak_alias(__errno_location, ___errno_location);
