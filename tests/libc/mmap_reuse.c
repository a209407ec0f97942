// timeout: 120
/* Freed address space is used again: a hundred times as much is mapped as can exist at once. */
#include "check.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define MIB (1ul << 20)
#define SLOTS 64

static void pieces(void)
{
	static struct {
		char *address;
		size_t size;
	} slots[SLOTS];
	unsigned state = 1;
	unsigned long mapped = 0;
	for (int i = 0; i < 20000; i++) {
		state = state * 1664525 + 1013904223;
		unsigned slot = state >> 16 & (SLOTS - 1);
		if (slots[slot].address) {
			char *address = slots[slot].address;
			CHECK(address[0] == (char)slot && address[slots[slot].size - 1] == (char)slot);
			CHECK(munmap(address, slots[slot].size) == 0);
			slots[slot].address = NULL;
		}
		size_t size = (1 + (state >> 24)) * 65536 / (1 + (state & 3)) & -4096ul;
		char *address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (!CHECK(address != MAP_FAILED))
			return;
		CHECK(address[0] == 0 && address[size - 1] == 0);
		address[0] = address[size - 1] = (char)slot;
		slots[slot].address = address;
		slots[slot].size = size;
		mapped += size;
	}
	CHECK(mapped > 50000 * MIB);
}

static void one_gigabyte(void)
{
	for (int round = 0; round < 50; round++) {
		char *p = mmap(NULL, 1024 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (!CHECK(p != MAP_FAILED))
			return;
		for (size_t at = 0; at < 1024 * MIB; at += 128 * MIB)
			p[at] = 1;
		CHECK(munmap(p, 1024 * MIB) == 0);
	}
}

static void resident(void)
{
	struct rusage usage;
	CHECK(getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_maxrss < 400 * 1024);
}

int main(void)
{
	pieces();
	one_gigabyte();
	resident();
	return check_status();
}
