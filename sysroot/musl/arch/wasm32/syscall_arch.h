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

/* A cancellation point, inline like every other call. The two functions do nothing unless the
 * program links pthread_cancel; see src/thread/wasm32/pthread_cancel.c. */
__attribute__((__visibility__("hidden"))) long __wali_cp_enter(long n, unsigned *outer);
__attribute__((__visibility__("hidden"))) long __wali_cp_leave(long n, long result, unsigned outer);

__WALI_INLINE long __wali_syscall_cp(long n, long a, long b, long c, long d, long e, long f)
{
	unsigned outer;
	long result = __wali_cp_enter(n, &outer);
	if (result) return result;
	result = __wali_syscall(n, a, b, c, d, e, f);
	return __wali_cp_leave(n, result, outer);
}

#define IPC_64 0

/* pause is ppoll without descriptors; exit needs it, and not every engine has an import for it. */
#undef SYS_pause

/* SYS_mmap2 is another name of SYS_mmap here: it takes the offset in bytes. */
#define SYSCALL_MMAP2_UNIT 1ULL
