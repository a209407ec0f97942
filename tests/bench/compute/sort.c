/* qsort of 400,000 integers: comparison through a function pointer of the libc. */
#include "../bench.h"
#include <string.h>

enum { N = 400000 };
static uint32_t source[N], data[N];

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 4);
	uint32_t seed = 12345;
	for (int i = 0; i < N; i++)
		source[i] = seed = seed * 1664525u + 1013904223u;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		memcpy(data, source, sizeof data);
		qsort(data, N, sizeof *data, compare);
	}
	return bench_report(begin, rounds, data[N / 2]);
}
