/* Five-point stencil over a 512 x 512 grid of floats. */
#include "../bench.h"

enum { N = 512 };
static float grid[2][N][N];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 500);
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++)
			grid[0][i][j] = (float)((i * j) % 17);
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		float (*from)[N] = grid[r & 1], (*to)[N] = grid[~r & 1];
		for (int i = 1; i < N - 1; i++)
			for (int j = 1; j < N - 1; j++)
				to[i][j] = 0.2f * (from[i][j] + from[i - 1][j] + from[i + 1][j] +
						   from[i][j - 1] + from[i][j + 1]);
	}
	return bench_report(begin, rounds, (uint64_t)(grid[0][N / 2][N / 2] * 1000));
}
