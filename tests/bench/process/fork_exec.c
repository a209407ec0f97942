/* fork, exec of this program itself, which exits at once, wait. */
#include "../bench.h"
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "exit"))
		return 0;
	long rounds = bench_rounds(argc, argv, 200);
	uint64_t check = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		pid_t pid = fork();
		if (pid == 0) {
			execl(argv[0], argv[0], "exit", (char *)0);
			_exit(127);
		}
		int status;
		check += waitpid(pid, &status, 0) == pid && status == 0;
	}
	return bench_report(begin, rounds, check);
}
