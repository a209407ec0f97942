#include <string.h>
#include "vector.h"

int memcmp(const void *left, const void *right, size_t size)
{
	const unsigned char *l = left, *r = right;
	for (; size >= VECTOR_BYTES; size -= VECTOR_BYTES) {
		unsigned differ = bits(*(const unaligned_vector *)l != *(const unaligned_vector *)r);
		if (differ)
			return l[first(differ)] - r[first(differ)];
		l += VECTOR_BYTES;
		r += VECTOR_BYTES;
	}
	for (; size && *l == *r; size--) {
		l++;
		r++;
	}
	return size ? *l - *r : 0;
}
