#include <string.h>
#include "vector.h"

void *__memrchr(const void *memory, int character, size_t size)
{
	const signed char wanted = (signed char)character;
	const char *start = memory;
	while (size >= VECTOR_BYTES) {
		unsigned found = bits(*(const unaligned_vector *)(start + size - VECTOR_BYTES) == wanted);
		if (found)
			return (char *)start + size - VECTOR_BYTES + (31 - __builtin_clz(found));
		size -= VECTOR_BYTES;
	}
	while (size--)
		if (start[size] == wanted)
			return (char *)start + size;
	return 0;
}

weak_alias(__memrchr, memrchr);
