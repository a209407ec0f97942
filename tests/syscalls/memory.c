// skip-cross: qemu 7.2 has no mlock2 and no mseal
// calls: mlock mlock2 munlock mlockall munlockall mseal remap_file_pages process_madvise memfd_secret
// calls: membarrier memfd_create mincore madvise msync mprotect mremap mmap munmap brk getrandom
/* Memory: mapping it, keeping it, sealing it. */
#include "calls.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/uio.h>

enum { PAGE = 4096, SIZE = 4 * PAGE };

static char *pages(int shared)
{
	int flags = MAP_ANONYMOUS | (shared ? MAP_SHARED : MAP_PRIVATE);
	char *at = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, -1, 0);
	CHECK(at != MAP_FAILED);
	return at;
}

static void locking(void)
{
	char *at = pages(0), *hole = pages(0);
	CHECK(munmap(hole + PAGE, PAGE) == 0);
	SHOW(syscall(SYS_mlock, at, (long)SIZE));
	SHOW(syscall(SYS_mlock, at + 1, 1L));
	SHOW(syscall(SYS_mlock, hole, (long)SIZE));
	SHOW(syscall(SYS_mlock2, at, (long)SIZE, 1));
	SHOW(syscall(SYS_mlock2, at, (long)SIZE, 2));
	SHOW(syscall(SYS_munlock, at, (long)SIZE));
	SHOW(syscall(SYS_munlock, hole, (long)SIZE));
	SHOW(syscall(SYS_mlockall, 0));
	SHOW(syscall(SYS_mlockall, 99));
	SHOW(syscall(SYS_mlockall, MCL_ONFAULT));
	SHOW(syscall(SYS_munlockall));
	unsigned char resident[4] = {0};
	at[0] = 1;
	SHOW(syscall(SYS_mincore, at, (long)SIZE, resident));
	printf("resident %d\n", resident[0] & 1);
	SHOW(syscall(SYS_mincore, at + 1, (long)SIZE, resident));
	SHOW(syscall(SYS_mincore, hole, (long)SIZE, resident));
	SHOW(syscall(SYS_mincore, at, (long)SIZE, nowhere));
}

static void sealing(void)
{
	char *at = pages(0), *hole = pages(0);
	CHECK(munmap(hole + PAGE, PAGE) == 0);
	SHOW(syscall(CALL_mseal, at + 1, (long)PAGE, 0L));
	SHOW(syscall(CALL_mseal, at, (long)PAGE, 1L));
	SHOW(syscall(CALL_mseal, hole, (long)SIZE, 0L));
	SHOW(syscall(CALL_mseal, at, (long)PAGE, 0L));
	SHOW(munmap(at, PAGE));
	SHOW(mprotect(at, SIZE, PROT_READ));
	SHOW(mprotect(at + PAGE, PAGE, PROT_READ));
	at[0] = 1;
}

static void changing(void)
{
	char *at = pages(0);
	memset(at, 7, SIZE);
	SHOW(madvise(at, SIZE, MADV_DONTNEED));
	CHECK(at[0] == 0 && at[SIZE - 1] == 0);
	SHOW(madvise(at, SIZE, MADV_WILLNEED));
	SHOW(madvise(at + 1, SIZE, MADV_WILLNEED));
	SHOW(madvise(at, SIZE, 9999));
	SHOW(msync(at, SIZE, MS_SYNC));
	SHOW(msync(at, SIZE, MS_SYNC | MS_ASYNC));
	SHOW(msync(at + 1, SIZE, MS_SYNC));
	SHOW(mprotect(at, SIZE, PROT_READ));
	SHOW(syscall(SYS_mprotect, at + 1, (long)SIZE, PROT_READ));
	SHOW(mprotect(at, SIZE, 1 << 20));
	SHOW(mprotect(at, SIZE, PROT_READ | PROT_WRITE));
	strcpy(at, "moved");
	char *larger = mremap(at, SIZE, 2 * SIZE, MREMAP_MAYMOVE);
	CHECK(larger != MAP_FAILED && strcmp(larger, "moved") == 0 && larger[2 * SIZE - 1] == 0);
	SHOW(mremap(larger, 2 * SIZE, SIZE, 0) == larger);
	SHOW_ADDRESS(mremap(larger + 1, SIZE, SIZE, 0));
	SHOW_ADDRESS(mremap(larger, SIZE, 0, 0));
	SHOW_ADDRESS(mremap(larger, SIZE, SIZE, 1 << 10));
	SHOW(munmap(larger, SIZE));
	SHOW(munmap(larger + 1, SIZE));
	SHOW(munmap(larger, 0));
	SHOW_ADDRESS(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SHOW_ADDRESS(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0));
	SHOW_ADDRESS(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
	long here = syscall(SYS_brk, 0L);
	CHECK(here > 0 && syscall(SYS_brk, 1L) == here);
	CHECK(syscall(SYS_brk, here + PAGE) == here + PAGE && *(char *)here == 0);
	CHECK(syscall(SYS_brk, here) == here);
}

static void files(void)
{
	int fd = memfd_create("memory", MFD_ALLOW_SEALING);
	CHECK(fd >= 0 && ftruncate(fd, SIZE) == 0);
	char *at = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(at != MAP_FAILED);
	at[0] = 'a';
	at[PAGE] = 'b';
	SHOW(syscall(SYS_remap_file_pages, at, (long)PAGE, 0, 1L, 0));
	CHECK(at[0] == 'b');
	SHOW(syscall(SYS_remap_file_pages, at, (long)PAGE, PROT_READ, 1L, 0));
	SHOW(syscall(SYS_remap_file_pages, pages(0), (long)PAGE, 0, 1L, 0));
	SHOW(memfd_create("memory", 1 << 30));
	SHOW(syscall(SYS_memfd_create, nowhere, 0));
	int secret = syscall(SYS_memfd_secret, 0);
	SHOW_ERROR(secret);
	SHOW(syscall(SYS_memfd_secret, 99));
	close(secret);
	close(fd);
}

static void rest(void)
{
	SHOW(syscall(SYS_membarrier, 0, 0, 0) > 0);
	SHOW(syscall(SYS_membarrier, 8, 0, 0) == -1);
	SHOW(syscall(SYS_membarrier, 1 << 4, 0, 0));
	SHOW(syscall(SYS_membarrier, 1 << 3, 0, 0));
	SHOW(syscall(SYS_membarrier, 99, 0, 0));
	SHOW(syscall(SYS_membarrier, 0, 99, 0));
	char *at = pages(0);
	struct iovec vector = {at, SIZE};
	int self = syscall(SYS_pidfd_open, getpid(), 0);
	SHOW(syscall(SYS_process_madvise, self, &vector, 1L, MADV_COLD, 0));
	SHOW(syscall(SYS_process_madvise, self, &vector, 1L, 9999, 0));
	SHOW(syscall(SYS_process_madvise, self, &vector, 1L, MADV_COLD, 1));
	SHOW(syscall(SYS_process_madvise, self, nowhere, 1L, MADV_COLD, 0));
	SHOW(syscall(SYS_process_madvise, -1, &vector, 1L, MADV_COLD, 0));
	unsigned char random[16] = {0};
	SHOW(syscall(SYS_getrandom, random, sizeof random, 0));
	int sum = 0;
	for (int i = 0; i < 16; i++)
		sum += random[i];
	CHECK(sum != 0);
	SHOW(syscall(SYS_getrandom, random, sizeof random, 99));
	SHOW(syscall(SYS_getrandom, nowhere, 1L, 0));
}

int main(void)
{
	in_child("locking", locking);
	in_child("sealing", sealing);
	changing();
	files();
	rest();
	return check_status();
}
