/* stat of a path: a string in, a structure out. */
#include "../bench.h"
#include <sys/stat.h>

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 500000);
	uint64_t check = 0;
	struct stat status;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		check += stat("/dev/null", &status) == 0;
	return bench_report(begin, rounds, check);
}
