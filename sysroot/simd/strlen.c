#include <string.h>
#include "vector.h"

size_t strlen(const char *string)
{
	const vector *next = vector_around(string);
	const vector *const blocks = blocks_after(next);
	unsigned ends = bits(*next == 0) >> place_in_vector(string);
	if (ends)
		return first(ends);
	do {
		if (++next == blocks)
			while (!any_is_zero(next[0], next[1], next[2], next[3]))
				next += BLOCK_VECTORS;
		ends = bits(*next == 0);
	} while (!ends);
	return (size_t)((const char *)next - string) + first(ends);
}
