/* System calls are imports. With a constant number, which nearly every caller in libc has, the
 * switch in __wali_syscall folds to a call of one import. */
#include "wali_imports.h"

#define __SYSCALL_LL_E(x) (x)
#define __SYSCALL_LL_O(x) (x)

/* SYS_mmap2 is another name of mmap, which takes the offset in bytes. */
#define SYSCALL_MMAP2_UNIT 1ULL

#define __WALI_INLINE static inline __attribute__((__always_inline__))

__WALI_INLINE long __syscall0(long n)
{
	return __wali_syscall(n, 0, 0, 0, 0, 0, 0);
}

__WALI_INLINE long __syscall1(long n, long a)
{
	return __wali_syscall(n, a, 0, 0, 0, 0, 0);
}

__WALI_INLINE long __syscall2(long n, long a, long b)
{
	return __wali_syscall(n, a, b, 0, 0, 0, 0);
}

__WALI_INLINE long __syscall3(long n, long a, long b, long c)
{
	return __wali_syscall(n, a, b, c, 0, 0, 0);
}

__WALI_INLINE long __syscall4(long n, long a, long b, long c, long d)
{
	return __wali_syscall(n, a, b, c, d, 0, 0);
}

__WALI_INLINE long __syscall5(long n, long a, long b, long c, long d, long e)
{
	return __wali_syscall(n, a, b, c, d, e, 0);
}

__WALI_INLINE long __syscall6(long n, long a, long b, long c, long d, long e, long f)
{
	return __wali_syscall(n, a, b, c, d, e, f);
}

/* A cancellation point, inline like every other call. A program that does not link pthread_cancel only
 * reads the constant; see src/thread/wasm32/pthread_cancel.c. */
extern __attribute__((__visibility__("hidden"))) const int __wali_cancels;
__attribute__((__visibility__("hidden"))) long __wali_cp_enter(long n);
__attribute__((__visibility__("hidden"))) long __wali_cp_leave(long n, long result, long outer);

__WALI_INLINE long __wali_syscall_cp(long n, long a, long b, long c, long d, long e, long f)
{
	if (__builtin_expect(!__wali_cancels, 1))
		return __wali_syscall(n, a, b, c, d, e, f);
	long outer = __wali_cp_enter(n);
	if (outer < 0) return outer;
	return __wali_cp_leave(n, __wali_syscall(n, a, b, c, d, e, f), outer);
}

/* What a wrapper returns, inline as long as there is no error to store. */
__attribute__((__visibility__("hidden"))) long __syscall_ret(unsigned long);

__WALI_INLINE long __wali_result(unsigned long result)
{
	if (__builtin_expect(result > -4096UL, 0))
		return __syscall_ret(result);
	return result;
}

#define IPC_64 0

/* pause is ppoll without descriptors; exit needs it, and not every engine has an import for it. */
#undef SYS_pause

/* SYS_mmap2 is another name of SYS_mmap here: it takes the offset in bytes. */
#define SYSCALL_MMAP2_UNIT 1ULL
