/* Primes below four million. */
#include "../bench.h"
#include <string.h>

enum { N = 4000000 };
static unsigned char composite[N];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 12);
	uint64_t primes = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		memset(composite, 0, N);
		for (int i = 2; i < N; i++) {
			if (composite[i])
				continue;
			primes++;
			for (long j = (long)i * i; j < N; j += i)
				composite[j] = 1;
		}
	}
	return bench_report(begin, rounds, primes);
}
