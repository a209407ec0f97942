/* A byte-code loop dispatched by a switch: the inner loop of many language runtimes. */
#include "../bench.h"

enum op { PUSH, ADD, SUB, MUL, DUP, SWAP, LOAD, STORE, LESS, JUMPZ, JUMP, HALT };

/* i = 0; s = 0; while (i < n) { s = s * 3 + i; i = i + 1; } */
static const int64_t program[] = {
	PUSH, 0, STORE, 0, PUSH, 0, STORE, 1,
	LOAD, 0, LOAD, 2, LESS, JUMPZ, 34,
	LOAD, 1, PUSH, 3, MUL, LOAD, 0, ADD, STORE, 1,
	LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, 8,
	HALT,
};

static uint64_t run(const int64_t *code, int64_t n)
{
	int64_t stack[16], vars[4] = { 0, 0, n, 0 };
	int64_t *top = stack;
	for (const int64_t *pc = code;;) {
		switch (*pc++) {
		case PUSH: *top++ = *pc++; break;
		case ADD: top--; top[-1] += *top; break;
		case SUB: top--; top[-1] -= *top; break;
		case MUL: top--; top[-1] = (int64_t)((uint64_t)top[-1] * (uint64_t)*top); break;
		case DUP: *top = top[-1]; top++; break;
		case SWAP: { int64_t t = top[-1]; top[-1] = top[-2]; top[-2] = t; break; }
		case LOAD: *top++ = vars[*pc++]; break;
		case STORE: vars[*pc++] = *--top; break;
		case LESS: top--; top[-1] = top[-1] < *top; break;
		case JUMPZ: { int64_t to = *pc++; if (!*--top) pc = code + to; break; }
		case JUMP: pc = code + *pc; break;
		case HALT: return (uint64_t)vars[1];
		}
	}
}

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 10);
	uint64_t check = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		check += run(program, 1000000 + r);
	return bench_report(begin, rounds, check);
}
