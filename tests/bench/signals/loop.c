/* A tight loop in a program that has a handler: what safepoints cost. */
#include "../bench.h"
#include <signal.h>

static volatile sig_atomic_t seen;

static void handler(int sig)
{
	(void)sig;
	seen = 1;
}

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 300000000);
	uint32_t state = (uint32_t)bench_opaque(1);
	signal(SIGUSR1, handler);
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		state = (state >> 1) ^ (-(state & 1u) & 0xd0000001u);
	return bench_report(begin, rounds, state + seen);
}
