#include <string.h>
#include "vector.h"

/* 0 in each byte that is 0 or `wanted`. */
static inline vector ends_at(vector bytes, signed char wanted)
{
	return smaller(bytes, bytes ^ wanted);
}

char *__strchrnul(const char *string, int character)
{
	const signed char wanted = (signed char)character;
	const vector *next = vector_around(string);
	const vector *const blocks = blocks_after(next);
	unsigned found = bits(ends_at(*next, wanted) == 0) >> place_in_vector(string);
	if (found)
		return (char *)string + first(found);
	do {
		if (++next == blocks)
			while (!any_is_zero(ends_at(next[0], wanted), ends_at(next[1], wanted),
			                    ends_at(next[2], wanted), ends_at(next[3], wanted)))
				next += BLOCK_VECTORS;
		found = bits(ends_at(*next, wanted) == 0);
	} while (!found);
	return (char *)next + first(found);
}

weak_alias(__strchrnul, strchrnul);
