// timeout: 120
/* Threads that allocate, map, print to memory and throw at the same time, with signals in between. */
#include "check.h"
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#define THREADS 6

static volatile sig_atomic_t ticks;

static void tick(int number)
{
	(void)number;
	ticks++;
}

static int throw_from(jmp_buf *target, int depth)
{
	volatile char frame[32] = {0};
	if (depth == 0)
		longjmp(*target, 9);
	return throw_from(target, depth - 1) + frame[0];
}

static uint32_t allocates(uint32_t state)
{
	char *parts[50] = {0};
	for (int i = 0; i < 2000; i++) {
		state = state * 1664525 + 1013904223;
		unsigned slot = state >> 20 & 31;
		free(parts[slot]);
		size_t size = 1 + (state >> 8 & 0xfff);
		parts[slot] = malloc(size);
		memset(parts[slot], (int)slot, size);
	}
	for (int i = 0; i < 50; i++)
		free(parts[i]);
	return state;
}

static int maps(uint32_t seed)
{
	for (int i = 0; i < 200; i++) {
		size_t size = (1 + (seed + (uint32_t)i) % 16) * 4096;
		unsigned char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED || p[0] || p[size - 1])
			return 0;
		p[0] = p[size - 1] = 1;
		munmap(p, size);
	}
	return 1;
}

static void *works(void *argument)
{
	uint32_t seed = (uint32_t)(intptr_t)argument, state = seed;
	for (int round = 0; round < 10; round++) {
		state = allocates(state);
		CHECK(maps(seed + (uint32_t)round));
		for (int i = 0; i < 50; i++) {
			jmp_buf target;
			int result = setjmp(target);
			if (!result)
				throw_from(&target, i % 10);
			CHECK(result == 9);
		}
		char *text;
		size_t length;
		FILE *stream = open_memstream(&text, &length);
		for (int i = 0; i < 100; i++)
			fprintf(stream, "%u %.3f;", seed, i / 8.0);
		fclose(stream);
		CHECK(length == strlen(text) && length > 500);
		free(text);
	}
	return (void *)(intptr_t)state;
}

int main(void)
{
	pthread_t threads[THREADS];
	signal(SIGALRM, tick);
	setitimer(ITIMER_REAL, &(struct itimerval){{0, 1000}, {0, 1000}}, NULL);
	for (intptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, works, (void *)(i + 1)) == 0);
	for (int i = 0; i < THREADS; i++) {
		void *result;
		pthread_join(threads[i], &result);
		printf("%x ", (unsigned)(intptr_t)result);
	}
	setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
	putchar('\n');
	CHECK(ticks > 0);
	return check_status();
}
