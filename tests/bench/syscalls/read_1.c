/* read of 1 byte from /dev/zero. */
#include "../bench.h"
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char buffer[1];
	long rounds = bench_rounds(argc, argv, 1000000);
	int fd = open("/dev/zero", O_RDONLY);
	uint64_t check = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		check += read(fd, buffer, sizeof buffer);
	return bench_report(begin, rounds, check);
}
