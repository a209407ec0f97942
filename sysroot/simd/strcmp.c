#include <string.h>
#include "vector.h"

/* Whether a vector at `at` may reach into the next page. */
static inline int near_end_of_page(const unsigned char *at)
{
	return (uintptr_t)at % 4096 > 4096 - VECTOR_BYTES;
}

int strcmp(const char *left, const char *right)
{
	const unsigned char *l = (const void *)left, *r = (const void *)right;
	for (;;) {
		if (near_end_of_page(l) || near_end_of_page(r)) {
			if (*l != *r || !*l)
				return *l - *r;
			l++;
			r++;
			continue;
		}
		vector a = *(const unaligned_vector *)l, b = *(const unaligned_vector *)r;
		unsigned last = bits((a != b) | (a == 0));
		if (last)
			return l[first(last)] - r[first(last)];
		l += VECTOR_BYTES;
		r += VECTOR_BYTES;
	}
}
