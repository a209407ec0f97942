/* Cancellation without a machine context to edit.
 *
 * A cancellation point stores the shadow stack pointer of its call in `calling` for as long as the
 * call runs. The handler of SIGCANCEL runs at a safepoint or while a system call is interrupted, and
 * sees in its ucontext_t whether that call has had no effect yet (__in_call). If so, and if the
 * stack pointer shows the call to be the innermost cancellation point's, it makes the call return
 * -ECANCELED, so that a request that arrives before the call blocks is never lost and one that
 * arrives after it has completed never loses its result.
 *
 * Otherwise the request waits for the next cancellation point. When the handler interrupted the
 * handler of another signal which in turn interrupted a cancellation point, there may be none before
 * that call goes on: SIGCANCEL is raised again, blocked until that handler returns. */
#define _GNU_SOURCE
#include <string.h>
#include "pthread_impl.h"
#include "syscall.h"

#define SIGCANCEL_BIT (1UL << (SIGCANCEL-1))

static _Thread_local unsigned calling;

static inline unsigned stack_pointer(void)
{
	unsigned sp;
	__asm__ volatile (
		".globaltype __stack_pointer, i32\n"
		"	global.get __stack_pointer\n"
		"	local.set %0" : "=r"(sp));
	return sp;
}

static long cancel(void)
{
	pthread_t self = __pthread_self();
	if (self->canceldisable == PTHREAD_CANCEL_ENABLE || self->cancelasync)
		pthread_exit(PTHREAD_CANCELED);
	self->canceldisable = PTHREAD_CANCEL_DISABLE;
	return -ECANCELED;
}

const int __wali_cancels = 1;

/* Both run with the stack pointer of the call, as they need no stack themselves. The first answers what
 * the second puts back, or an error with which the call ends. */
long __wali_cp_enter(long n)
{
	pthread_t self = __pthread_self();
	unsigned outer = calling;
	calling = 0;
	if (self->canceldisable == PTHREAD_CANCEL_DISABLE
	    || (self->canceldisable && n == SYS_close))
		return outer;
	calling = stack_pointer();
	/* From here on the handler sees the call; a request from before is seen here. */
	a_barrier();
	if (!self->cancel) return outer;
	calling = outer;
	return cancel();
}

long __wali_cp_leave(long n, long result, long outer)
{
	unsigned mine = calling;
	calling = outer;
	pthread_t self = __pthread_self();
	if (!mine || !self->cancel || self->canceldisable == PTHREAD_CANCEL_DISABLE)
		return result;
	if (result == -ECANCELED || (result == -EINTR && n != SYS_close))
		return cancel();
	return result;
}

/* An engine that does not know the stack pointer leaves __stack_pointer 0. */
static int is_innermost(const mcontext_t *mc)
{
	return calling && (!mc->__stack_pointer || mc->__stack_pointer == calling);
}

static void handler(int sig, siginfo_t *si, void *context)
{
	pthread_t self = __pthread_self();
	ucontext_t *uc = context;
	if (!self->cancel || self->canceldisable == PTHREAD_CANCEL_DISABLE) return;

	if (self->cancelasync) {
		uc->uc_sigmask.__bits[0] |= SIGCANCEL_BIT;
		pthread_sigmask(SIG_SETMASK, &uc->uc_sigmask, 0);
		cancel();
	}
	if (uc->uc_mcontext.__in_call && is_innermost(&uc->uc_mcontext)) {
		uc->uc_mcontext.__in_call = 0;
		uc->uc_mcontext.__result = -ECANCELED;
		return;
	}
	if (calling) {
		uc->uc_sigmask.__bits[0] |= SIGCANCEL_BIT;
		__syscall(SYS_tkill, self->tid, SIGCANCEL);
	}
}

void __testcancel(void)
{
	pthread_t self = __pthread_self();
	if (self->cancel && !self->canceldisable)
		cancel();
}

static void init_cancellation(void)
{
	struct sigaction sa = {
		.sa_flags = SA_SIGINFO | SA_RESTART,
		.sa_sigaction = handler
	};
	memset(&sa.sa_mask, -1, _NSIG/8);
	__libc_sigaction(SIGCANCEL, &sa, 0);
}

int pthread_cancel(pthread_t t)
{
	static int init;
	if (!init) {
		init_cancellation();
		init = 1;
	}
	a_store(&t->cancel, 1);
	if (t == pthread_self()) {
		if (t->canceldisable == PTHREAD_CANCEL_ENABLE && t->cancelasync)
			pthread_exit(PTHREAD_CANCELED);
		return 0;
	}
	return pthread_kill(t, SIGCANCEL);
}
