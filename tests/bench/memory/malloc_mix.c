/* malloc and free of blocks of 16 bytes to 4 KB, 1000 alive at a time. */
#include "../bench.h"

int main(int argc, char **argv)
{
	static char *alive[1000];
	long rounds = bench_rounds(argc, argv, 3000000);
	uint32_t seed = 1;
	uint64_t check = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		seed = seed * 1664525u + 1013904223u;
		char **slot = &alive[(seed >> 8) % 1000];
		free(*slot);
		*slot = malloc(16u << (seed >> 28 & 7) % 9);
		**slot = (char)r;
		check += (unsigned char)**slot;
	}
	return bench_report(begin, rounds, check);
}
