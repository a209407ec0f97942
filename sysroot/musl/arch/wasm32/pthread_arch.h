/* struct pthread ends where the thread's TLS block begins, so the thread pointer is the linker's
 * `__tls_base` and costs no memory access. */
#define TLS_ABOVE_TP
#define GAP_ABOVE_TP 0

static inline uintptr_t __get_tp(void)
{
	return (uintptr_t)__builtin_wasm_tls_base();
}
