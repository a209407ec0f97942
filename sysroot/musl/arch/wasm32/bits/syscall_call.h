/* syscall(2) takes arguments of unknown width. On a 64-bit machine each fills a register; here an
 * int or a pointer is passed in 4 bytes and a long in 8, so `syscall(SYS_lseek, fd, 0, SEEK_SET)`
 * would pass an offset of half the size. Where this header is included, each argument is widened. */
#if !defined(_INTERNAL_SYSCALL_H) && (defined(_GNU_SOURCE) || defined(_BSD_SOURCE))

/* Its declaration of syscall comes before the macro of that name. */
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

long __wali_syscall_wide(long, long, long, long, long, long, long);

#ifdef __cplusplus
}
#endif

#define __SYSCALL_WIDE7(n,a,b,c,d,e,f) __wali_syscall_wide(n, \
	(long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define __SYSCALL_WIDE6(n,a,b,c,d,e) __SYSCALL_WIDE7(n,a,b,c,d,e,0)
#define __SYSCALL_WIDE5(n,a,b,c,d) __SYSCALL_WIDE7(n,a,b,c,d,0,0)
#define __SYSCALL_WIDE4(n,a,b,c) __SYSCALL_WIDE7(n,a,b,c,0,0,0)
#define __SYSCALL_WIDE3(n,a,b) __SYSCALL_WIDE7(n,a,b,0,0,0,0)
#define __SYSCALL_WIDE2(n,a) __SYSCALL_WIDE7(n,a,0,0,0,0,0)
#define __SYSCALL_WIDE1(n) __SYSCALL_WIDE7(n,0,0,0,0,0,0)
#define __SYSCALL_WIDTH(n,a,b,c,d,e,f,name,...) name
#define syscall(...) __SYSCALL_WIDTH(__VA_ARGS__, __SYSCALL_WIDE7, __SYSCALL_WIDE6, \
	__SYSCALL_WIDE5, __SYSCALL_WIDE4, __SYSCALL_WIDE3, __SYSCALL_WIDE2, __SYSCALL_WIDE1,)(__VA_ARGS__)

#endif
