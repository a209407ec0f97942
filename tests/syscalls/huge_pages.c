// calls: mmap munmap mremap mprotect madvise mincore msync mlock memfd_create shmget shmat shmdt shmctl
/* Huge pages: memory of them, files of them, segments of them, and small pages that may become huge. Where the
 * machine has none and the program may, it asks for four. */
#include "calls.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>

enum { PAGE = 4096, HUGE = 2 << 20, HUGE_16K = 14 << 26, HUGE_2M = 21 << 26, HUGE_1G = 30 << 26 };

#ifndef MAP_HUGETLB
#define MAP_HUGETLB 0x40000
#endif
#ifndef MFD_HUGETLB
#define MFD_HUGETLB 4
#endif
#ifndef SHM_HUGETLB
#define SHM_HUGETLB 04000
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

static const char pool[] = "/proc/sys/vm/nr_hugepages";

static void set_pool(long count)
{
	int fd = open(pool, O_WRONLY);
	if (fd >= 0)
		dprintf(fd, "%ld\n", count);
	close(fd);
}

static long pool_size(void)
{
	char text[32] = "";
	int fd = open(pool, O_RDONLY);
	long count = fd >= 0 && read(fd, text, sizeof text - 1) > 0 ? atol(text) : -1;
	close(fd);
	return count;
}

/* A mapping, or NULL with the error printed. */
static char *map(const char *name, size_t length, int flags, int fd, void *at)
{
	errno = 0;
	char *address = mmap(at, length, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (address == MAP_FAILED) {
		printf("%s: errno %d\n", name, errno);
		return NULL;
	}
	printf("%s: aligned %d\n", name, (uintptr_t)address % HUGE == 0);
	return address;
}

enum { OWN = MAP_PRIVATE | MAP_ANONYMOUS, HUGE_OWN = OWN | MAP_HUGETLB };

/* Room for `count` huge pages at a multiple of their size, with small pages in it. */
static char *room(int count)
{
	char *at = mmap(NULL, (size_t)(count + 1) * HUGE, PROT_READ | PROT_WRITE, OWN, -1, 0);
	CHECK(at != MAP_FAILED);
	return at + (HUGE - (uintptr_t)at % HUGE) % HUGE;
}

static void flags(void)
{
	map("16 KiB", HUGE, HUGE_OWN | HUGE_16K, -1, NULL);
	map("of 32 bytes", HUGE, HUGE_OWN | 5 << 26, -1, NULL);
	map("of 2^63 bytes", HUGE, HUGE_OWN | 63 << 26, -1, NULL);
	map("1 GiB", 1 << 30, HUGE_OWN | HUGE_1G, -1, NULL);
	map("a length of 0", 0, HUGE_OWN, -1, NULL);
	map("a file that has none", HUGE, MAP_PRIVATE | MAP_HUGETLB, open("/dev/zero", O_RDWR), NULL);
	map("no file", HUGE, MAP_PRIVATE | MAP_HUGETLB, -1, NULL);
	char *at = room(2);
	map("more than there is", 64 * HUGE, HUGE_OWN, -1, NULL);
	at[PAGE] = 'k';
	map("at an odd page", HUGE, HUGE_OWN | MAP_FIXED, -1, at + PAGE);
	CHECK(at[PAGE] == 'k');
	map("where something is", HUGE, HUGE_OWN | MAP_FIXED_NOREPLACE, -1, at);
}

static void memory(void)
{
	char *at = map("one", HUGE, HUGE_OWN | MAP_POPULATE, -1, NULL);
	if (!at)
		return;
	at[0] = 'a';
	at[HUGE - 1] = 'z';
	unsigned char resident[512] = {0};
	SHOW(mincore(at, HUGE, resident));
	printf("resident %d, %d\n", resident[0] & 1, resident[511] & 1);
	SHOW(munmap(at + PAGE, PAGE));
	SHOW(munmap(at, PAGE));
	SHOW(mprotect(at, PAGE, PROT_READ));
	SHOW(mprotect(at, HUGE, PROT_READ));
	SHOW(mprotect(at, HUGE, PROT_READ | PROT_WRITE));
	SHOW(madvise(at, HUGE, MADV_DONTNEED));
	printf("at its start %d\n", at[0]);
	SHOW(madvise(at, PAGE, MADV_DONTNEED));
	SHOW(madvise(at + PAGE, PAGE, MADV_DONTNEED));
	SHOW(madvise(at, HUGE, MADV_HUGEPAGE));
	SHOW(madvise(at, HUGE, MADV_FREE));
	SHOW(madvise(at, HUGE, MADV_COLLAPSE));
	SHOW(msync(at, HUGE, MS_SYNC));
	SHOW(mlock(at, HUGE));
	SHOW(munlock(at, HUGE));
	at[7] = 'm';
	SHOW_ADDRESS(mremap(at, HUGE, 2 * HUGE, MREMAP_MAYMOVE));
	SHOW_ADDRESS(mremap(at, HUGE, 2 * HUGE, 0));
	SHOW_ADDRESS(mremap(at, HUGE, HUGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP));
	SHOW(mremap(at, HUGE, HUGE, 0) == at);
	SHOW(mremap(at, HUGE, PAGE, 0) == at);
	SHOW_ADDRESS(mremap(at, 0, HUGE, MREMAP_MAYMOVE));
	char *other = room(2);
	SHOW_ADDRESS(mremap(at, HUGE, HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, other + PAGE));
	SHOW(mremap(at, HUGE, HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, other) == other);
	printf("moved %d\n", other[7]);
	SHOW(munmap(other, HUGE));
	/* A length that is no multiple: the page is whole, and goes as a whole. */
	at = map("a part", PAGE, HUGE_OWN, -1, NULL);
	if (at) {
		at[HUGE - 1] = 'z';
		SHOW(munmap(at, PAGE));
		SHOW(munmap(at, HUGE));
	}
	/* One page of two. */
	at = map("two", 2 * HUGE, HUGE_OWN, -1, NULL);
	if (at) {
		at[0] = at[HUGE] = 1;
		SHOW_ADDRESS(mremap(at, 2 * HUGE, HUGE, 0));
		SHOW(mincore(at + HUGE, PAGE, resident));
		SHOW(munmap(at, HUGE));
	}
	/* Over small pages, and small pages over it. */
	at = room(2);
	memset(at, 's', 2 * HUGE);
	if (map("over small pages", HUGE, HUGE_OWN | MAP_FIXED, -1, at)) {
		printf("%d, behind it %d\n", at[0], at[HUGE]);
		at[0] = 'h';
		map("a small page over it", PAGE, OWN | MAP_FIXED, -1, at);
		printf("%d\n", at[0]);
		map("small pages over it", HUGE, OWN | MAP_FIXED, -1, at);
		printf("%d\n", at[0]);
	}
}

static void files(void)
{
	SHOW_ERROR(memfd_create("huge", MFD_HUGETLB | HUGE_16K));
	int fd = memfd_create("huge", MFD_HUGETLB);
	SHOW_ERROR(fd);
	if (fd < 0)
		return;
	struct stat status;
	CHECK(fstat(fd, &status) == 0);
	printf("block %d\n", (int)status.st_blksize);
	SHOW(ftruncate(fd, PAGE));
	SHOW(ftruncate(fd, 2 * HUGE));
	SHOW(write(fd, "text", 4));
	char *at = map("a file's", HUGE, MAP_SHARED, fd, NULL);
	if (at) {
		strcpy(at, "shared");
		char *again = map("a file's again", PAGE, MAP_SHARED, fd, NULL);
		if (again) {
			printf("%s\n", again);
			again[PAGE] = 'x';
			printf("%c\n", at[PAGE]);
			SHOW(munmap(again, PAGE));
			SHOW(munmap(again, HUGE));
		}
		char *own = map("a copy of a file's", HUGE, MAP_PRIVATE, fd, NULL);
		if (own) {
			strcpy(own, "mine");
			printf("%s, %s\n", own, at);
			SHOW(munmap(own, HUGE));
		}
		SHOW_ADDRESS(mmap(NULL, HUGE, PROT_READ, MAP_SHARED, fd, PAGE));
		SHOW_ADDRESS(mmap(NULL, HUGE, PROT_READ, MAP_SHARED | MAP_HUGETLB, fd, 0));
		SHOW_ADDRESS(mremap(at, 0, HUGE, MREMAP_MAYMOVE));
		char *other = room(2);
		memset(other, 's', 2 * HUGE);
		SHOW(mremap(at, HUGE, HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, other) == other);
		printf("%s, behind it %d\n", other, other[HUGE]);
		SHOW(munmap(other, HUGE));
		/* A small length takes a huge page's room. */
		other = room(2);
		memset(other, 's', 2 * HUGE);
		if (map("a part of a file's", PAGE, MAP_SHARED | MAP_FIXED, fd, other)) {
			printf("%.6s, behind it %d\n", other, other[HUGE]);
			printf("%d\n", other[HUGE - 1]);
			SHOW(munmap(other, HUGE));
		}
		map("at an odd page", HUGE, MAP_SHARED | MAP_FIXED, fd, other + PAGE);
	}
	close(fd);
}

static void segments(void)
{
	SHOW_ERROR(shmget(IPC_PRIVATE, HUGE, IPC_CREAT | SHM_HUGETLB | HUGE_16K | 0600));
	int id = shmget(IPC_PRIVATE, HUGE + PAGE, IPC_CREAT | SHM_HUGETLB | 0600);
	SHOW_ERROR(id);
	if (id < 0)
		return;
	char *at = shmat(id, NULL, 0);
	SHOW_ADDRESS(at);
	if (at != (void *)-1) {
		strcpy(at, "segment");
		at[2 * HUGE - 1] = 'e';
		char *again = shmat(id, NULL, SHM_RDONLY);
		SHOW_ADDRESS(again);
		if (again != (void *)-1) {
			printf("%s, %d\n", again, again[2 * HUGE - 1]);
			SHOW(munmap(again, PAGE));
			SHOW(shmdt(again));
		}
		SHOW_ADDRESS(shmat(id, at, 0));
		SHOW(shmdt(at + PAGE));
		SHOW(shmdt(at));
		SHOW(shmdt(at));
	}
	SHOW(shmctl(id, IPC_RMID, NULL));
}

/* Small pages that the kernel may make huge. */
static void transparent(void)
{
	char *at = room(2);
	SHOW(madvise(at, HUGE, MADV_HUGEPAGE));
	SHOW(madvise(at, HUGE, MADV_NOHUGEPAGE));
	SHOW(madvise(at, 2 * HUGE, MADV_HUGEPAGE));
	memset(at, 't', 2 * HUGE);
	SHOW(madvise(at, HUGE, MADV_COLLAPSE));
	SHOW(madvise(at + PAGE, PAGE, MADV_COLLAPSE));
	SHOW(madvise(at + 1, HUGE, MADV_COLLAPSE));
	CHECK(at[0] == 't' && at[HUGE - 1] == 't');
	SHOW(munmap(at + PAGE, PAGE));
	CHECK(at[0] == 't' && at[2 * PAGE] == 't');
	SHOW(madvise(at, HUGE, MADV_HUGEPAGE));
	SHOW(madvise(at, HUGE, MADV_COLLAPSE));
	SHOW(mprotect(at + HUGE + PAGE, PAGE, PROT_READ));
	CHECK(at[HUGE + PAGE] == 't');
	SHOW(madvise(nowhere, HUGE, MADV_HUGEPAGE));
	pid_t child = fork();
	if (child == 0)
		_exit(at[HUGE] == 't' ? 0 : 1);
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	printf("child's status %#x\n", status);
}

static void all(void)
{
	in_child("flags", flags);
	in_child("memory", memory);
	in_child("files", files);
	in_child("segments", segments);
}

int main(void)
{
	transparent();
	/* One program at a time changes how many there are. */
	int lock = open(pool, O_RDONLY | O_CLOEXEC);
	SHOW(flock(lock, LOCK_EX));
	long before = pool_size();
	if (before == 0) {
		printf("with none\n");
		all();
		set_pool(4);
	}
	printf("with %s\n", pool_size() >= 4 ? "some" : "few");
	all();
	if (before == 0)
		set_pool(0);
	return check_status();
}
