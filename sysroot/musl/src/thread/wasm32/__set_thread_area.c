#include "pthread_impl.h"

hidden void __wasm_init_tls(void *);

/* The thread pointer is the linker's __tls_base, and `p` is where the TLS block goes: just above
 * the struct pthread. */
int __set_thread_area(void *p)
{
	__wasm_init_tls(p);
	return 0;
}
