#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <unistd.h>
#include "fork_impl.h"
#include "pthread_impl.h"
#include "syscall.h"

/* The parent waits until the child, which has a copy of the memory, executes a program or ends. An
 * engine without the call has fork, which is vfork without the wait. */
pid_t vfork(void)
{
	sigset_t set;
	__block_all_sigs(&set);
	pid_t pid = __syscall(SYS_vfork);
	if (pid == -ENOSYS) pid = __syscall(SYS_fork);
	/* No lock is taken for it: the other threads go on while this one waits. */
	if (!pid) __post_Fork(0);
	__restore_sigs(&set);
	return __syscall_ret(pid);
}
