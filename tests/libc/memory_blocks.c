/* memcpy, memmove, memset, memchr and memcmp at every small size, offset and overlap. */
#include "check.h"
#include <string.h>
#include <strings.h>

static unsigned char area[1024], model[1024];

static void fill(void)
{
	for (size_t i = 0; i < sizeof area; i++)
		area[i] = model[i] = (unsigned char)(i * 7 + i / 256);
}

static void model_move(size_t to, size_t from, size_t length)
{
	unsigned char copy[1024];
	for (size_t i = 0; i < length; i++)
		copy[i] = model[from + i];
	for (size_t i = 0; i < length; i++)
		model[to + i] = copy[i];
}

static int same(void)
{
	for (size_t i = 0; i < sizeof area; i++)
		if (area[i] != model[i])
			return 0;
	return 1;
}

static void moves(void)
{
	for (size_t length = 0; length < 150; length += length < 40 ? 1 : 9)
		for (size_t from = 300; from < 317; from++)
			for (size_t to = 284; to < 330; to += 3) {
				fill();
				model_move(to, from, length);
				memmove(area + to, area + from, length);
				if (!CHECK(same()))
					return;
			}
}

static void copies(void)
{
	for (size_t length = 0; length < 300; length += length < 40 ? 1 : 13)
		for (size_t from = 0; from < 9; from++)
			for (size_t to = 500; to < 509; to++) {
				fill();
				model_move(to, from, length);
				memcpy(area + to, area + from, length);
				if (!CHECK(same()))
					return;
			}
}

static void sets(void)
{
	for (size_t length = 0; length < 300; length += length < 40 ? 1 : 13)
		for (size_t at = 0; at < 17; at++) {
			fill();
			for (size_t i = 0; i < length; i++)
				model[at + i] = 0xa5;
			memset(area + at, 0x1a5, length);
			if (!CHECK(same()))
				return;
		}
	explicit_bzero(area, sizeof area);
	CHECK(area[0] == 0 && area[1023] == 0);
	bzero(area + 1, 2);
}

static void finds(void)
{
	memset(area, 1, sizeof area);
	for (size_t length = 0; length < 100; length++)
		for (size_t at = 0; at < 17; at++) {
			area[at + length] = 0;
			CHECK(strlen((char *)area + at) == length);
			CHECK(memchr(area + at, 0, length) == NULL);
			CHECK(memchr(area + at, 256, length + 1) == area + at + length);
			CHECK(memrchr(area + at, 0, length + 1) == area + at + length);
			area[at + length] = 1;
		}
}

static void compares(void)
{
	unsigned char other[200];
	for (size_t length = 1; length < 100; length++)
		for (size_t at = 0; at < length; at += 1 + length / 9) {
			memset(area, 0x7f, 200);
			memset(other, 0x7f, 200);
			other[at] = 0x80;
			CHECK(memcmp(area, other, length) < 0 && memcmp(other, area, length) > 0);
			CHECK(memcmp(area, other, at) == 0 && bcmp(area, other, length) != 0);
		}
}

/* Sizes at which bulk operations take over. */
static void large(void)
{
	static unsigned char from[1 << 20], to[(1 << 20) + 64];
	for (size_t i = 0; i < sizeof from; i++)
		from[i] = (unsigned char)(i ^ i >> 8);
	memcpy(to + 5, from, sizeof from);
	CHECK(memcmp(to + 5, from, sizeof from) == 0);
	memmove(to + 6, to + 5, sizeof from);
	CHECK(memcmp(to + 6, from, sizeof from) == 0);
	memmove(to, to + 6, sizeof from);
	CHECK(memcmp(to, from, sizeof from) == 0);
	memset(to, 0, sizeof to);
	CHECK(memchr(to, 1, sizeof to) == NULL);
}

int main(void)
{
	moves();
	copies();
	sets();
	finds();
	compares();
	large();
	return check_status();
}
