/* Recursive direct calls. */
#include "../bench.h"

__attribute__((noinline)) static int fib(int n)
{
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 5);
	uint64_t check = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		check += fib((int)bench_opaque(32));
	return bench_report(begin, rounds, check);
}
