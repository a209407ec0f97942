/* mmap of 1 MB, one write a page, munmap. */
#include "../bench.h"
#include <sys/mman.h>

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 2000);
	uint64_t check = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		char *p = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			return 1;
		for (long i = 0; i < 1 << 20; i += 4096)
			p[i] = 1;
		check += p[4096];
		munmap(p, 1 << 20);
	}
	return bench_report(begin, rounds, check);
}
