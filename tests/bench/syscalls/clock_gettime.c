/* The clock, which native programs read without entering the kernel. */
#include "../bench.h"

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 5000000);
	uint64_t check = 0;
	struct timespec now;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		check += now.tv_nsec >= 0;
	}
	return bench_report(begin, rounds, check);
}
