/* kill of oneself: the handler has run when kill returns. */
#include "../bench.h"
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t seen;

static void handler(int sig)
{
	(void)sig;
	seen++;
}

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 300000);
	signal(SIGUSR1, handler);
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		raise(SIGUSR1);
	return bench_report(begin, rounds, seen);
}
