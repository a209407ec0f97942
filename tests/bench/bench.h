/* What every benchmark program shares: it times a loop of its own and prints nanoseconds a round.
 *
 * `cargo xtask bench` runs the native and the Wasm build of a program in turn and compares the
 * figures. The first argument, when given, is the number of rounds. */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Programs of one thread that never wait count the time the processor worked for them, which other
 * programs on the machine change less. */
#ifndef BENCH_CLOCK
#define BENCH_CLOCK CLOCK_MONOTONIC
#endif

static inline double bench_now_ns(void)
{
	struct timespec now;
	clock_gettime(BENCH_CLOCK, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static inline long bench_rounds(int argc, char **argv, long otherwise)
{
	return argc > 1 ? atol(argv[1]) : otherwise;
}

/* Prints the result; `check` is something computed, so that no work can be left out. */
static inline int bench_print(double taken_ns, long rounds, uint64_t check)
{
	printf("ns_per_round %.3f check %llu\n", taken_ns / rounds, (unsigned long long)check);
	return 0;
}

static inline int bench_report(double begin_ns, long rounds, uint64_t check)
{
	return bench_print(bench_now_ns() - begin_ns, rounds, check);
}

/* A value the compiler knows nothing about. */
static inline uint64_t bench_opaque(uint64_t value)
{
	__asm__ volatile("" : : : "memory");
	volatile uint64_t hidden = value;
	return hidden;
}

#endif
