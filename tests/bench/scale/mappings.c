// sizes: 16 64 256 1024 4096
/* mmap and munmap of a page beside SIZE others, none of which can be merged with its neighbours. */
#include "../bench.h"
#include <sys/mman.h>

int main(int argc, char **argv)
{
	static char *page[SIZE];
	long rounds = bench_rounds(argc, argv, 20000);
	for (int i = 0; i < SIZE; i++)
		page[i] = mmap(NULL, 4096, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t check = page[SIZE - 1] != MAP_FAILED;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		char *at = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		check += munmap(at, 8192) == 0;
	}
	return bench_report(begin, rounds, check);
}
