/* Making system calls by their number and printing what they answer. */
#ifndef CALLS_H
#define CALLS_H

#include "../libc/check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Calls that the headers of one of the two C libraries are too old for. */
#ifndef SYS_fadvise64
#define SYS_fadvise64 221
#endif
#ifndef SYS_process_mrelease
#define SYS_process_mrelease 448
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
#ifndef SYS_set_mempolicy_home_node
#define SYS_set_mempolicy_home_node 450
#endif
enum {
	CALL_cachestat = 451, CALL_fchmodat2 = 452, CALL_futex_wake = 454, CALL_futex_wait = 455,
	CALL_futex_requeue = 456, CALL_statmount = 457, CALL_listmount = 458, CALL_lsm_get_self_attr = 459,
	CALL_lsm_set_self_attr = 460, CALL_lsm_list_modules = 461, CALL_mseal = 462, CALL_setxattrat = 463,
	CALL_getxattrat = 464, CALL_listxattrat = 465, CALL_removexattrat = 466, CALL_open_tree_attr = 467,
	CALL_file_getattr = 468, CALL_file_setattr = 469, CALL_listns = 470,
};

/* An address outside of the program, where no access is possible. */
static void *volatile nowhere = (void *)16;

/* Prints a call with its result, or with its errno. */
#define SHOW(call)                                                                   \
	do {                                                                         \
		errno = 0;                                                           \
		long show_result = (long)(call);                                     \
		if (show_result == -1)                                               \
			printf(#call ": errno %d\n", errno);                         \
		else                                                                 \
			printf(#call ": %ld\n", show_result);                        \
	} while (0)

/* Prints a call and whether it succeeds, for calls whose result differs from run to run. */
#define SHOW_ERROR(call)                                                             \
	do {                                                                         \
		errno = 0;                                                           \
		printf(#call ": errno %d\n", (long)(call) == -1 ? errno : 0);        \
	} while (0)

/* As SHOW_ERROR, for calls that answer an address. */
#define SHOW_ADDRESS(call)                                                           \
	do {                                                                         \
		errno = 0;                                                           \
		printf(#call ": errno %d\n", (call) == (void *)-1 ? errno : 0);      \
	} while (0)

/* Runs `body` in a child and prints how the child ends. */
static inline void in_child(const char *name, void (*body)(void))
{
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		body();
		fflush(stdout);
		_exit(check_status());
	}
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	printf("%s: child's status %#x\n", name, status);
	if (status == CHECK_FAILED_STATUS << 8)
		check_failures++;
}

#endif
