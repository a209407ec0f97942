/* Sixteen bytes at a time. An aligned vector never crosses a page, so reading all of one that holds a
 * byte of a string touches nothing that the string does not. */
#ifndef WALI_VECTOR_H
#define WALI_VECTOR_H

#include <stdint.h>

enum {
	VECTOR_BYTES = 16,
	/* Long memory is looked through by blocks, since one test of four vectors costs less than four. */
	BLOCK_VECTORS = 4,
	BLOCK_BYTES = BLOCK_VECTORS * VECTOR_BYTES,
};

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

/* Where a search that began at `start` goes on by blocks: short ones are over by then. A block crosses
 * no page either. */
static inline const vector *blocks_after(const vector *start)
{
	return (const vector *)(((uintptr_t)start & -(uintptr_t)BLOCK_BYTES) + 2 * BLOCK_BYTES);
}

typedef unsigned char unsigned_vector __attribute__((vector_size(VECTOR_BYTES)));

static inline vector smaller(vector a, vector b)
{
	return (vector)__builtin_elementwise_min((unsigned_vector)a, (unsigned_vector)b);
}

/* Whether some byte of the four vectors is 0. */
static inline int any_is_zero(vector a, vector b, vector c, vector d)
{
	return bits(smaller(smaller(a, b), smaller(c, d)) == 0) != 0;
}

#endif
