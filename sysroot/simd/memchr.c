#include <string.h>
#include "vector.h"

void *memchr(const void *memory, int character, size_t size)
{
	const signed char wanted = (signed char)character;
	if (!size)
		return 0;
	const vector *next = vector_around(memory);
	const vector *const blocks = blocks_after(next);
	unsigned place = place_in_vector(memory);
	unsigned found = bits(*next == wanted) >> place;
	/* `passed` bytes come before the vector behind `next`. */
	size_t passed = VECTOR_BYTES - place;
	if (found)
		return first(found) < size ? (char *)memory + first(found) : 0;
	while (passed < size) {
		if (++next == blocks)
			while (size - passed > BLOCK_BYTES
			       && !any_is_zero(next[0] ^ wanted, next[1] ^ wanted,
			                       next[2] ^ wanted, next[3] ^ wanted)) {
				next += BLOCK_VECTORS;
				passed += BLOCK_BYTES;
			}
		found = bits(*next == wanted);
		if (found) {
			size_t at = passed + first(found);
			return at < size ? (char *)memory + at : 0;
		}
		passed += VECTOR_BYTES;
	}
	return 0;
}
