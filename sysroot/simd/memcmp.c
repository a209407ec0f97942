#include <string.h>
#include "vector.h"

/* By how much the first bytes differ in which the words at `left` and `right` do; 0 if none does. */
#define DIFFERENCE(type, left, right)                                                   \
	({                                                                              \
		type l_, r_;                                                            \
		__builtin_memcpy(&l_, left, sizeof l_);                                 \
		__builtin_memcpy(&r_, right, sizeof r_);                                \
		unsigned at_ = l_ == r_ ? 0 : (unsigned)__builtin_ctzll(l_ ^ r_) & ~7U; \
		(int)(l_ >> at_ & 255) - (int)(r_ >> at_ & 255);                        \
	})

static inline int vectors_differ(const unsigned char *left, const unsigned char *right)
{
	unsigned differ = bits(*(const unaligned_vector *)left != *(const unaligned_vector *)right);
	return __builtin_expect(differ, 0) ? left[first(differ)] - right[first(differ)] : 0;
}

static inline int blocks_differ(const unsigned char *left, const unsigned char *right)
{
	const unaligned_vector *l = (const void *)left, *r = (const void *)right;
	return bits(((l[0] ^ r[0]) | (l[1] ^ r[1]) | (l[2] ^ r[2]) | (l[3] ^ r[3])) != 0) != 0;
}

/* What is no multiple of a vector or a word ends with one that overlaps the one before. */
int memcmp(const void *left, const void *right, size_t size)
{
	const unsigned char *l = left, *r = right;
	int difference = 0;
	if (size >= VECTOR_BYTES) {
		for (; size >= BLOCK_BYTES && !blocks_differ(l, r); size -= BLOCK_BYTES) {
			l += BLOCK_BYTES;
			r += BLOCK_BYTES;
		}
		for (; size >= VECTOR_BYTES; size -= VECTOR_BYTES) {
			if ((difference = vectors_differ(l, r)))
				return difference;
			l += VECTOR_BYTES;
			r += VECTOR_BYTES;
		}
		l -= VECTOR_BYTES - size;
		r -= VECTOR_BYTES - size;
		return size ? vectors_differ(l, r) : 0;
	}
	if (size >= 8) {
		difference = DIFFERENCE(uint64_t, l, r);
		return difference ? difference : DIFFERENCE(uint64_t, l + size - 8, r + size - 8);
	}
	if (size >= 4) {
		difference = DIFFERENCE(uint32_t, l, r);
		return difference ? difference : DIFFERENCE(uint32_t, l + size - 4, r + size - 4);
	}
	for (; size && !difference; size--)
		difference = *l++ - *r++;
	return difference;
}
