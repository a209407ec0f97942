#include "pthread_impl.h"
#include "syscall.h"

/* Cancellation points of a program without pthread_cancel are plain calls: the two functions are only
 * there to be linked. */
static const int cancels = 0;

static long enter(long n)
{
	return 0;
}

static long leave(long n, long result, long outer)
{
	return result;
}

weak_alias(cancels, __wali_cancels);
weak_alias(enter, __wali_cp_enter);
weak_alias(leave, __wali_cp_leave);
