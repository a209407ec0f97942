// sizes: 1 4 16 64 256
/* fork and wait in a process that has used SIZE MiB of memory. */
#include "../bench.h"
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 40);
	char *memory = malloc((size_t)SIZE << 20);
	memset(memory, 1, (size_t)SIZE << 20);
	uint64_t check = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		pid_t child = fork();
		if (child == 0)
			_exit(memory[(size_t)r << 10]);
		int status;
		waitpid(child, &status, 0);
		check += WEXITSTATUS(status);
	}
	return bench_report(begin, rounds, check);
}
