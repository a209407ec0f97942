/* Blocks of a few pages, and some of many, that come and go: each is whole, none overlaps another, and calloc's
 * are zero whatever was in the memory before. */
#include "check.h"
#include <stdlib.h>
#include <string.h>

enum { LIVE = 24, ROUNDS = 20000 };

static struct {
	unsigned char *at;
	size_t size;
	unsigned char mark;
} blocks[LIVE];

static unsigned next_random(void)
{
	static unsigned state = 1;
	return (state = state * 1664525 + 1013904223) >> 8;
}

static int is_filled(const unsigned char *at, size_t size, unsigned char with)
{
	return size == 0 || (at[0] == with && !memcmp(at, at + 1, size - 1));
}

int main(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		int i = (int)(next_random() % LIVE);
		if (blocks[i].at) {
			CHECK(is_filled(blocks[i].at, blocks[i].size, blocks[i].mark));
			free(blocks[i].at);
			blocks[i].at = NULL;
			continue;
		}
		size_t size = 1 + next_random() % (round % 5 ? 20000 : round % 3 ? 90000 : 300000);
		if (round % 500 == 0)
			size = 1 + next_random() % 4000000;
		int clear = next_random() % 2 == 0;
		unsigned char *at = clear ? calloc(size, 1) : malloc(size);
		CHECK(at != NULL && (!clear || is_filled(at, size, 0)));
		if (round % 7 == 0) {
			memset(at, 0x5a, size);
			size += next_random() % 30000;
			at = realloc(at, size);
			CHECK(at != NULL && at[0] == 0x5a);
		}
		blocks[i].at = at;
		blocks[i].size = size;
		blocks[i].mark = (unsigned char)(1 + next_random() % 255);
		memset(at, blocks[i].mark, size);
	}
	return 0;
}
