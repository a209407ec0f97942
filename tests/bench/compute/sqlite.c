// app: sqlite .
// files: sqlite3.c
/* SQLite's own benchmark, speedtest1: its main set at a small size, on a database in memory. Its report of
 * times goes nowhere; the check is made of its verification hash. */
#include "../bench.h"
#include <fcntl.h>
#include <unistd.h>

#define main speedtest1_main
#include "test/speedtest1.c"
#undef main

int main(void)
{
	char *options[] = { "speedtest1", "--memdb", "--verify", "--testset", "main",
			    "--size", "3", NULL };
	int shown = dup(STDOUT_FILENO);
	int nowhere = open("/dev/null", O_WRONLY);
	if (shown < 0 || nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
		return 1;
	double begin = bench_now_ns();
	if (speedtest1_main(7, options))
		return 1;
	double taken = bench_now_ns() - begin;
	fflush(stdout);
	dup2(shown, STDOUT_FILENO);
	uint64_t check = g.nResByte;
	for (int i = 0; i < 24; i++)
		check = check * 31 + g.hash.r[i];
	return bench_print(taken, 1, check);
}
