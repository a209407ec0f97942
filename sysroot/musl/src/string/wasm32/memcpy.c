/* One instruction, for which the engine calls the host's own routine. */
#include <string.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	return __builtin_memcpy(to, from, size);
}
