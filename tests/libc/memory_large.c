// timeout: 120
/* The 32-bit address space nearly to its end: three GiB at once, touched sparsely, and requests too large. No
   single object has 2 GiB, because the difference of two pointers into it must fit ptrdiff_t. */
#include "check.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MIB (1ul << 20)

static void three_gib(void)
{
	size_t size = 1536 * MIB;
	volatile unsigned char *halves[2];
	for (int i = 0; i < 2; i++) {
		halves[i] = malloc(size);
		if (!CHECK(halves[i] != NULL))
			return;
		for (size_t at = 0; at < size; at += 16 * MIB)
			halves[i][at] = (unsigned char)((at >> 24) + (unsigned)i);
		halves[i][size - 1] = 0x5a;
	}
	/* A small request still succeeds beside them. */
	char *small = malloc(1000);
	CHECK(small != NULL);
	free(small);
	for (int i = 0; i < 2; i++) {
		for (size_t at = 0; at < size; at += 16 * MIB)
			CHECK(halves[i][at] == (unsigned char)((at >> 24) + (unsigned)i));
		CHECK(halves[i][size - 1] == 0x5a);
		free((void *)halves[i]);
	}
}

static void pieces(void)
{
	char *parts[48];
	for (int i = 0; i < 48; i++) {
		parts[i] = malloc(64 * MIB);
		if (!CHECK(parts[i] != NULL))
			return;
		parts[i][0] = parts[i][64 * MIB - 1] = (char)i;
	}
	for (int i = 0; i < 48; i++) {
		CHECK(parts[i][0] == i && parts[i][64 * MIB - 1] == i);
		free(parts[i]);
	}
}

static void growing(void)
{
	size_t size = 1 * MIB;
	char *p = malloc(size);
	p[0] = 'f';
	for (; size <= 512 * MIB; size *= 2) {
		p[size - 1] = 'l';
		p = realloc(p, size * 2);
		if (!CHECK(p && p[0] == 'f' && p[size - 1] == 'l'))
			return;
	}
	free(p);
}

int main(void)
{
	for (int round = 0; round < 3; round++) {
		three_gib();
		pieces();
		growing();
	}
	volatile size_t too_much = SIZE_MAX - 4096;
	/* Through pointers, or the compiler takes the results for granted. */
	void *(*volatile allocate)(size_t) = malloc;
	void *(*volatile allocate_array)(size_t, size_t) = calloc;
	errno = 0;
	CHECK(allocate(too_much) == NULL && errno == ENOMEM);
	CHECK(allocate_array(too_much / 2, 4) == NULL);
	return check_status();
}
