#include <string.h>
#include "vector.h"

char *__strchrnul(const char *string, int character)
{
	const signed char wanted = (signed char)character;
	const vector *next = vector_around(string);
	unsigned found = bits((*next == 0) | (*next == wanted)) >> place_in_vector(string);
	if (found)
		return (char *)string + first(found);
	do {
		next++;
		found = bits((*next == 0) | (*next == wanted));
	} while (!found);
	return (char *)next + first(found);
}

weak_alias(__strchrnul, strchrnul);
