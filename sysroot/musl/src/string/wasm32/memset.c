/* One instruction, for which the engine calls the host's own routine. */
#include <string.h>

void *memset(void *to, int value, size_t size)
{
	return __builtin_memset(to, value, size);
}
