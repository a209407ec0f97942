/* Out of a handler by siglongjmp. */
#include "../bench.h"
#include <setjmp.h>
#include <signal.h>

static sigjmp_buf back;

static void handler(int sig)
{
	siglongjmp(back, sig);
}

int main(int argc, char **argv)
{
	volatile long rounds = bench_rounds(argc, argv, 50000), r = 0;
	volatile uint64_t check = 0;
	signal(SIGUSR1, handler);
	double begin = bench_now_ns();
	for (r = 0; r < rounds; r++) {
		if (sigsetjmp(back, 1))
			check++;
		else
			raise(SIGUSR1);
	}
	return bench_report(begin, rounds, check);
}
