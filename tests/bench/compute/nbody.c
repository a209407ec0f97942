/* Five bodies under gravity: scalar floating point with square roots. */
#include "../bench.h"
#include <math.h>

enum { N = 5 };
static struct { double p[3], v[3], mass; } body[N];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 2000000);
	for (int i = 0; i < N; i++) {
		for (int d = 0; d < 3; d++) {
			body[i].p[d] = (i + 1) * (d + 1) * 1.7;
			body[i].v[d] = 0.01 * (i - d);
		}
		body[i].mass = 1.0 + i;
	}
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		for (int i = 0; i < N; i++)
			for (int j = i + 1; j < N; j++) {
				double delta[3], square = 0;
				for (int d = 0; d < 3; d++) {
					delta[d] = body[i].p[d] - body[j].p[d];
					square += delta[d] * delta[d];
				}
				double pull = 1e-3 / (square * sqrt(square));
				for (int d = 0; d < 3; d++) {
					body[i].v[d] -= delta[d] * body[j].mass * pull;
					body[j].v[d] += delta[d] * body[i].mass * pull;
				}
			}
		for (int i = 0; i < N; i++)
			for (int d = 0; d < 3; d++)
				body[i].p[d] += 1e-3 * body[i].v[d];
	}
	return bench_report(begin, rounds, (uint64_t)(fabs(body[0].p[0]) * 1e6));
}
