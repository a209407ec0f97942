/* The allocator under a random load, its edge cases and alignment. */
#include "check.h"
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 2000

static unsigned state = 99;

static unsigned next_random(void)
{
	state = state * 1664525 + 1013904223;
	return state >> 8;
}

static int holds(const unsigned char *p, size_t size, unsigned char value)
{
	return size == 0 || (p[0] == value && p[size / 2] == value && p[size - 1] == value);
}

static void load(void)
{
	static struct {
		unsigned char *p;
		size_t size;
	} slots[SLOTS];
	for (int i = 0; i < 300000; i++) {
		unsigned slot = next_random() % SLOTS;
		unsigned char value = (unsigned char)slot;
		if (slots[slot].p)
			if (!CHECK(holds(slots[slot].p, slots[slot].size, value)))
				return;
		size_t size = next_random() % (next_random() % 50 ? 300 : 200000);
		switch (next_random() % 4) {
		case 0:
			free(slots[slot].p);
			slots[slot].p = NULL;
			break;
		case 1:
			free(slots[slot].p);
			slots[slot].p = calloc(1, size);
			CHECK(slots[slot].p && holds(slots[slot].p, size, 0));
			break;
		default:
			slots[slot].p = realloc(slots[slot].p, size + 1);
			CHECK(slots[slot].p != NULL);
		}
		slots[slot].size = slots[slot].p ? size : 0;
		if (slots[slot].p)
			memset(slots[slot].p, value, size);
	}
	for (int i = 0; i < SLOTS; i++)
		free(slots[i].p);
}

static void alignment(void)
{
	for (size_t boundary = 16; boundary <= 1 << 20; boundary *= 2) {
		void *p = NULL, *q = aligned_alloc(boundary, boundary);
		CHECK(posix_memalign(&p, boundary, 100) == 0 && (uintptr_t)p % boundary == 0);
		CHECK(q && (uintptr_t)q % boundary == 0 && malloc_usable_size(p) >= 100);
		memset(p, 1, 100);
		free(p);
		free(q);
	}
	void *p;
	CHECK(posix_memalign(&p, 3, 10) == EINVAL && posix_memalign(&p, 1, 10) == EINVAL);
	for (size_t size = 1; size < 2000; size += 37) {
		p = malloc(size);
		CHECK((uintptr_t)p % _Alignof(max_align_t) == 0);
		free(p);
	}
}

static void edges(void)
{
	free(NULL);
	char *p = realloc(NULL, 10);
	strcpy(p, "realloc");
	p = realloc(p, 100000);
	CHECK(!strcmp(p, "realloc"));
	p = realloc(p, 8);
	CHECK(!strcmp(p, "realloc"));
	free(p);
	void *a = malloc(0), *b = malloc(0);
	CHECK(a != b || a == NULL);
	free(a);
	free(b);
	volatile size_t half = SIZE_MAX / 2 + 1;
	errno = 0;
	/* Through a pointer, or the compiler takes the result for granted. */
	void *(*volatile allocate_array)(size_t, size_t) = calloc;
	CHECK(allocate_array(half, 2) == NULL && errno == ENOMEM);
	CHECK(reallocarray(NULL, half, 2) == NULL);
	int *numbers = reallocarray(NULL, 10, sizeof *numbers);
	CHECK(numbers != NULL);
	free(numbers);
	errno = 77;
	free(malloc(10));
	CHECK(errno == 77);
}

int main(void)
{
	load();
	alignment();
	edges();
	return check_status();
}
