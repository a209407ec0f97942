#include "pthread_impl.h"

hidden void __wasm_init_tls(void *);

/* The thread pointer is the linker's __tls_base, and `p` is where the TLS block goes: just above
 * the struct pthread. The linker's function sets __tls_base only if the program has TLS data. */
int __set_thread_area(void *p)
{
	__asm__ volatile (
		".globaltype __tls_base, i32\n"
		"	local.get %0\n"
		"	global.set __tls_base" :: "r"(p));
	__wasm_init_tls(p);
	return 0;
}
