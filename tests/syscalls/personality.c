/* The bit that makes all memory executable is remembered, and memory works as before. */
#include "../libc/check.h"
#include <sys/mman.h>
#include <sys/personality.h>

int main(void)
{
	int before = personality(0xffffffff);
	CHECK(before >= 0 && !(before & 0x0400000));
	CHECK(personality(before | 0x0400000) == before);
	CHECK(personality(0xffffffff) == (before | 0x0400000));
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(page != MAP_FAILED && (page[0] = 1) == 1 && munmap(page, 4096) == 0);
	CHECK(personality(before) == (before | 0x0400000));
	CHECK(personality(0xffffffff) == before);
	return check_status();
}
