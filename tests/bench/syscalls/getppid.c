/* The cheapest call that always reaches the kernel. */
#include "../bench.h"
#include <unistd.h>

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 2000000);
	uint64_t check = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		check += getppid() > 0;
	return bench_report(begin, rounds, check);
}
