#include <string.h>
#include "vector.h"

enum {
	/* So many bytes are looked for in vectors; more are looked up one at a time. */
	FEW = 4,
};

static inline vector ends_at(vector bytes, const vector wanted[FEW])
{
	return (bytes == 0) | (bytes == wanted[0]) | (bytes == wanted[1]) | (bytes == wanted[2])
	       | (bytes == wanted[3]);
}

static size_t until_few(const char *string, const char *ends)
{
	vector wanted[FEW];
	for (int i = 0; i < FEW; i++) {
		wanted[i] = (vector){ 0 } + (signed char)*ends;
		/* The last stands for all that there are not. */
		ends += ends[1] != 0;
	}
	const vector *next = vector_around(string);
	unsigned found = bits(ends_at(*next, wanted)) >> place_in_vector(string);
	if (found)
		return first(found);
	do
		found = bits(ends_at(*++next, wanted));
	while (!found);
	return (size_t)((const char *)next - string) + first(found);
}

static size_t until_any(const char *string, const char *ends)
{
	uint64_t set[4] = { 1 };
	for (; *ends; ends++)
		set[(unsigned char)*ends / 64] |= 1ULL << (unsigned char)*ends % 64;
	const char *at = string;
	while (!(set[(unsigned char)*at / 64] >> (unsigned char)*at % 64 & 1))
		at++;
	return (size_t)(at - string);
}

size_t strcspn(const char *string, const char *ends)
{
	if (!ends[0] || !ends[1])
		return (size_t)(__strchrnul(string, *ends) - string);
	if (!ends[2] || !ends[3] || !ends[4])
		return until_few(string, ends);
	return until_any(string, ends);
}
