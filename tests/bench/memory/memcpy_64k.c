/* memcpy of 64 KB: inside the second-level cache. */
#include "../bench.h"
#include <string.h>

static char from[1 << 16], to[1 << 16];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 100000);
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		from[r & 0xffff] = (char)r;
		memcpy(to, from, bench_opaque(sizeof to));
	}
	return bench_report(begin, rounds, (unsigned char)to[100]);
}
