/* One byte to a child and back, through two pipes. */
#include "../bench.h"
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 50000);
	int to[2], from[2];
	char byte = 1;
	uint64_t check = 0;
	if (pipe(to) || pipe(from))
		return 1;
	pid_t pid = fork();
	if (pid == 0) {
		close(to[1]);
		while (read(to[0], &byte, 1) == 1)
			if (write(from[1], &byte, 1) != 1)
				break;
		_exit(0);
	}
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		check += write(to[1], &byte, 1) == 1 && read(from[0], &byte, 1) == 1;
	bench_report(begin, rounds, check);
	close(to[1]);
	return waitpid(pid, 0, 0) != pid;
}
