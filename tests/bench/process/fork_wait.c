/* fork of a process that touches 16 MB, exit of the child, wait. */
#include "../bench.h"
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 1000);
	char *touched = malloc(16 << 20);
	memset(touched, 1, 16 << 20);
	uint64_t check = touched[bench_opaque(5)];
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		pid_t pid = fork();
		if (pid == 0)
			_exit(0);
		int status;
		check += waitpid(pid, &status, 0) == pid && status == 0;
	}
	return bench_report(begin, rounds, check);
}
