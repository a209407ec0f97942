/* write of 1 byte to /dev/null. */
#include "../bench.h"
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char buffer[1];
	long rounds = bench_rounds(argc, argv, 1000000);
	int fd = open("/dev/null", O_WRONLY);
	uint64_t check = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		check += write(fd, buffer, sizeof buffer);
	return bench_report(begin, rounds, check);
}
