/* Product of two 256 x 256 matrices of doubles. */
#include "../bench.h"

enum { N = 256 };
static double a[N][N], b[N][N], c[N][N];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 12);
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++) {
			a[i][j] = (i * 7 + j) % 13;
			b[i][j] = (i + j * 5) % 11;
		}
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		for (int i = 0; i < N; i++)
			for (int j = 0; j < N; j++)
				c[i][j] = 0;
		for (int i = 0; i < N; i++)
			for (int k = 0; k < N; k++)
				for (int j = 0; j < N; j++)
					c[i][j] += a[i][k] * b[k][j];
		a[0][0] += 1;
	}
	return bench_report(begin, rounds, (uint64_t)c[N - 1][N / 2] + (uint64_t)c[0][1]);
}
