// sizes: 1 8 64 256
/* fork and wait beside SIZE idle children. */
#include "../bench.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static pid_t idle[SIZE];
	long rounds = bench_rounds(argc, argv, 50);
	for (int i = 0; i < SIZE; i++)
		if ((idle[i] = fork()) == 0)
			for (;;)
				pause();
	uint64_t check = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		pid_t child = fork();
		if (child == 0)
			_exit(1);
		int status;
		waitpid(child, &status, 0);
		check += WEXITSTATUS(status);
	}
	bench_report(begin, rounds, check);
	fflush(stdout);
	for (int i = 0; i < SIZE; i++) {
		kill(idle[i], SIGKILL);
		waitpid(idle[i], NULL, 0);
	}
	return 0;
}
