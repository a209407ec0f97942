/* What wali-cc calls before each access and each division of a function that calls setjmp.
 *
 * A handler's siglongjmp is an exception, and exceptions arrive at calls only. A probe is a call that
 * meets the fault before the access would. It does so only while a fault can run a handler at all.
 * The functions' names are those of clang's coverage instrumentation, which puts the calls in. */
#include <stdint.h>

/* A program that counts its coverage itself has functions of these names. */
#define PROBE __attribute__((__weak__, __noinline__)) void
#define PAGE ((uintptr_t)4096)

/* Set by sigaction, never cleared. */
__attribute__((__visibility__("hidden"))) volatile int __wali_faults_handled;

/* Does not change the byte, whatever other threads do to it meanwhile. */
static inline void write_nothing(uintptr_t at)
{
	__atomic_fetch_or((unsigned char *)at, 0, __ATOMIC_RELAXED);
}

/* An access that reaches into a second page faults at the start of that page. */
static inline void write_probe(uintptr_t at, uintptr_t size)
{
	uintptr_t second = (at + size - 1) & -PAGE;
	write_nothing(at);
	if (second > at) write_nothing(second);
}

#define LOAD(size, type) \
	typedef type __attribute__((__aligned__(1))) loaded##size; \
	PROBE __sanitizer_cov_load##size(const volatile loaded##size *at) \
	{ \
		if (__wali_faults_handled) (void)*at; \
	}

LOAD(1, uint8_t)
LOAD(2, uint16_t)
LOAD(4, uint32_t)
LOAD(8, uint64_t)
LOAD(16, unsigned __int128)

#define STORE(size) \
	PROBE __sanitizer_cov_store##size(void *at) \
	{ \
		if (__wali_faults_handled) write_probe((uintptr_t)at, size); \
	}

STORE(1)
STORE(2)
STORE(4)
STORE(8)
STORE(16)

/* Behind the empty assembly the compiler knows neither number: it would leave such a division out. */
#define DIVIDE(size, type) \
	PROBE __sanitizer_cov_trace_div##size(type by) \
	{ \
		type number = 1; \
		if (!__wali_faults_handled || by) return; \
		__asm__ volatile("" : "+r"(number), "+r"(by)); \
		number /= by; \
		__asm__ volatile("" : : "r"(number)); \
	}

DIVIDE(4, uint32_t)
DIVIDE(8, uint64_t)
