#include <string.h>
#include "vector.h"

size_t strlen(const char *string)
{
	const vector *next = vector_around(string);
	unsigned ends = bits(*next == 0) >> place_in_vector(string);
	if (ends)
		return first(ends);
	do
		ends = bits(*++next == 0);
	while (!ends);
	return (size_t)((const char *)next - string) + first(ends);
}
