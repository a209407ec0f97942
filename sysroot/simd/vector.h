/* Sixteen bytes at a time. An aligned vector never crosses a page, so reading all of one that holds a
 * byte of a string touches nothing that the string does not. */
#ifndef WALI_VECTOR_H
#define WALI_VECTOR_H

#include <stdint.h>

enum { VECTOR_BYTES = 16 };

typedef signed char vector __attribute__((vector_size(VECTOR_BYTES), may_alias));
typedef vector unaligned_vector __attribute__((aligned(1)));

/* One bit for each byte in which `comparison` holds, the lowest for the first. */
static inline unsigned bits(vector comparison)
{
	return (unsigned)__builtin_wasm_bitmask_i8x16(comparison);
}

/* Where the first of some set bits is. */
static inline unsigned first(unsigned mask)
{
	return (unsigned)__builtin_ctz(mask);
}

/* The vector that holds the byte at `at`, and where in it that is. */
static inline const vector *vector_around(const void *at)
{
	return (const vector *)((uintptr_t)at & -(uintptr_t)VECTOR_BYTES);
}

static inline unsigned place_in_vector(const void *at)
{
	return (uintptr_t)at % VECTOR_BYTES;
}

#endif
