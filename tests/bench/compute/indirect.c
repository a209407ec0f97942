/* Calls through a table of function pointers. */
#include "../bench.h"

#define F(n) __attribute__((noinline)) static uint64_t f##n(uint64_t x) { return x * (2 * n + 3) + n + 1; }
F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7)
static uint64_t (*table[8])(uint64_t) = { f0, f1, f2, f3, f4, f5, f6, f7 };

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 100);
	uint64_t x = bench_opaque(1);
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		for (int i = 0; i < 1000000; i++)
			x = table[x >> 3 & 7](x);
	return bench_report(begin, rounds, x);
}
