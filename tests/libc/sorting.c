/* qsort and qsort_r: elements of every size, every pattern, comparisons that contradict themselves. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { MOST = 3000, WIDEST = 40 };
static unsigned char data[MOST * WIDEST + 1];
static size_t width;
static unsigned long n_compares;

static int compare(const void *a, const void *b)
{
	n_compares++;
	return memcmp(a, b, width);
}

static int reversed(const void *a, const void *b, void *argument)
{
	return memcmp(b, a, *(size_t *)argument);
}

static uint32_t seed = 1;

static int absurd(const void *a, const void *b)
{
	seed = seed * 1664525u + 1013904223u;
	return (int)(seed >> 30) - 1;
}

static uint64_t sum_of(const unsigned char *bytes, size_t count)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t hash = 0;
		for (size_t k = 0; k < width; k++)
			hash = (hash ^ bytes[i * width + k]) * 0x100000001b3;
		sum += hash;
	}
	return sum;
}

static void fill(size_t count, int pattern)
{
	for (size_t i = 0; i < count * width; i++) {
		size_t at = i / width;
		seed = seed * 1664525u + 1013904223u;
		switch (pattern) {
		case 0: data[i] = seed >> 24; break;
		case 1: data[i] = (seed >> 24) % 3; break;
		case 2: data[i] = at * 255 / (count + 1); break;
		case 3: data[i] = 255 - at * 255 / (count + 1); break;
		case 4: data[i] = at < count / 2 ? at : count - at; break;
		case 5: data[i] = 7; break;
		default: data[i] = at % 17; break;
		}
	}
	data[count * width] = 0xee;
}

/* What compares equal stays in its order, as long as there is memory. */
static void keeps_order(void)
{
	static const size_t widths[] = {4, 8, 12, 32, 33, 40};
	for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
		for (size_t count = 2; count <= MOST; count = count * 3 / 2 + 1) {
			size_t wide = widths[w];
			memset(data, 0, count * wide);
			for (size_t i = 0; i < count; i++) {
				uint16_t place = i;
				seed = seed * 1664525u + 1013904223u;
				data[i * wide] = (seed >> 24) % 7;
				memcpy(data + i * wide + 2, &place, 2);
			}
			width = 1;
			qsort(data, count, wide, compare);
			for (size_t i = 1; i < count; i++) {
				uint16_t before, place;
				memcpy(&before, data + (i - 1) * wide + 2, 2);
				memcpy(&place, data + i * wide + 2, 2);
				int differ = data[(i - 1) * wide] - data[i * wide];
				CHECK(differ < 0 || (differ == 0 && before < place));
			}
		}
}

/* Without memory it is sorted all the same, and errno is what it was. */
static void without_memory(void)
{
	static uint32_t numbers[200000];
	struct rlimit limit = {64 << 20, 64 << 20};
	CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
	size_t size = 64 << 20, count = sizeof numbers / sizeof *numbers;
	while (size > 64) {
		void *volatile taken = malloc(size);
		if (!taken)
			size /= 2;
	}
	for (size_t i = 0; i < count; i++)
		numbers[i] = __builtin_bswap32(seed = seed * 1664525u + 1013904223u);
	width = sizeof *numbers;
	errno = 77;
	qsort(numbers, count, width, compare);
	CHECK(errno == 77);
	for (size_t i = 1; i < count; i++)
		CHECK(memcmp(&numbers[i - 1], &numbers[i], width) <= 0);
}

int main(void)
{
	keeps_order();
	static const size_t counts[] = {0, 1, 2, 3, 7, 8, 9, 10, 63, 64, 65, 500, MOST};
	for (width = 1; width <= WIDEST; width++)
		for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
			for (int pattern = 0; pattern < 7; pattern++) {
				size_t count = counts[c], other = width;
				fill(count, pattern);
				uint64_t sum = sum_of(data, count);
				qsort(data, count, width, compare);
				for (size_t i = 1; i < count; i++)
					CHECK(memcmp(data + (i - 1) * width, data + i * width, width) <= 0);
				CHECK(sum_of(data, count) == sum && data[count * width] == 0xee);
				qsort_r(data, count, width, reversed, &other);
				for (size_t i = 1; i < count; i++)
					CHECK(memcmp(data + (i - 1) * width, data + i * width, width) >= 0);
				qsort(data, count, width, absurd);
				CHECK(sum_of(data, count) == sum && data[count * width] == 0xee);
			}
	/* No pattern takes much longer than others. */
	width = 4;
	for (int pattern = 0; pattern < 7; pattern++) {
		fill(MOST, pattern);
		n_compares = 0;
		qsort(data, MOST, width, compare);
		CHECK(n_compares < MOST * 60);
	}
	without_memory();
	puts("sorted");
	return check_status();
}
