#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include "pthread_impl.h"
#include "syscall.h"
#include "wali_imports.h"

/* What a new thread is started with; the first two words are read by wasm_thread_start. */
struct thread_block {
	unsigned char *stack;
	void *tls_base;
	int (*func)(void *);
	void *arg;
	int *clear_tid;
	sigset_t mask;
};

hidden void wasm_thread_start(int, struct thread_block *);

hidden void __wali_thread_main(int tid, struct thread_block *block)
{
	__set_thread_area(block->tls_base);
	__pthread_self()->tid = tid;
	__syscall(SYS_set_tid_address, block->clear_tid);
	__restore_sigs(&block->mask);
	int status = block->func(block->arg);
	for (;;) __syscall(SYS_exit, status);
}

static int new_thread(int (*func)(void *), void *stack, void *arg, int *tid, void *tls_base, int *clear_tid)
{
	struct thread_block *block = (void *)(((uintptr_t)stack - sizeof *block) & -16);
	*block = (struct thread_block){ (void *)block, tls_base, func, arg, clear_tid };
	/* A handler, were it one of the library's own, must not run before the TLS base is set. */
	sigset_t mask;
	__block_all_sigs(&mask);
	block->mask = mask;
	int ret = __wali_wasm_thread_spawn((int)(uintptr_t)wasm_thread_start, (int)(uintptr_t)block);
	__restore_sigs(&mask);
	if (ret > 0) *tid = ret;
	return ret;
}

/* An engine without vfork has fork: the parent does not wait then. */
static int new_process(int waits)
{
	int pid = waits ? __syscall(SYS_vfork) : -ENOSYS;
	return pid == -ENOSYS ? __syscall(SYS_fork) : pid;
}

/* Threads and processes. A child process always gets a copy of the memory, which is also a correct
 * reading of CLONE_VM | CLONE_VFORK: it reports through files, as posix_spawn's child does. Other
 * kinds of children (new namespaces, shared descriptor tables) cannot continue in Wasm code. */
int __clone(int (*func)(void *), void *stack, int flags, void *arg, ...)
{
	pid_t *parent_tid = 0, *child_tid = 0;
	void *tls = 0;
	/* A call without variable arguments has no argument area to read. */
	if (flags & (CLONE_THREAD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID)) {
		va_list ap;
		va_start(ap, arg);
		parent_tid = va_arg(ap, pid_t *);
		tls = va_arg(ap, void *);
		child_tid = va_arg(ap, pid_t *);
		va_end(ap);
	}

	if (flags & CLONE_THREAD)
		return new_thread(func, stack, arg, parent_tid, tls, child_tid);

	int extra = flags & ~(CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID);
	if (extra != SIGCHLD || (flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM)
		return -ENOSYS;
	int pid = new_process(flags & CLONE_VFORK);
	if (pid > 0 && (flags & CLONE_PARENT_SETTID)) *parent_tid = pid;
	if (pid) return pid;
	__pthread_self()->tid = __syscall(SYS_gettid);
	if (flags & CLONE_CHILD_SETTID) *child_tid = __pthread_self()->tid;
	int status = func(arg);
	for (;;) __syscall(SYS_exit_group, status);
}
