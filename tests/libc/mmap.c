// skip-cross: qemu 7.2 accepts unknown advice
/* mmap: files, sharing, protection, holes, remapping, synchronising, errors. */
#include "check.h"
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static char *map(size_t length, int protection, int flags, int fd, off_t offset)
{
	char *address = mmap(NULL, length, protection, flags, fd, offset);
	CHECK(address != MAP_FAILED && ((uintptr_t)address & (PAGE - 1)) == 0);
	return address;
}

/* The signal a child dies from that reads (or writes) the byte; 0 when it lives. */
static int dies_from(volatile char *address, int writes)
{
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		dup2(open("/dev/null", O_WRONLY), 2);
		char value = *address;
		if (writes)
			*address = value;
		_exit(0);
	}
	int status;
	CHECK(waitpid(child, &status, 0) == child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void anonymous(void)
{
	char *p = map(10 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 10 * PAGE; i++)
		CHECK(p[i] == 0);
	memset(p, 'p', 10 * PAGE);
	CHECK(munmap(p + 4 * PAGE, 2 * PAGE) == 0);
	CHECK(p[3 * PAGE] == 'p' && p[6 * PAGE] == 'p');
	printf("hole: %d, before %d, after %d\n", dies_from(p + 4 * PAGE, 0), dies_from(p + 4 * PAGE - 1, 1),
	       dies_from(p + 6 * PAGE, 1));
	char *q = mmap(p + 4 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	CHECK(q == p + 4 * PAGE && *q == 0);
	CHECK(mmap(p, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED && errno == EEXIST);
	CHECK(munmap(p, 10 * PAGE) == 0);
	CHECK(munmap(p, 10 * PAGE) == 0);
}

static void protection(void)
{
	char *p = map(3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	p[PAGE] = 'x';
	CHECK(mprotect(p + PAGE, PAGE, PROT_READ) == 0 && p[PAGE] == 'x');
	printf("read only: read %d, write %d\n", dies_from(p + PAGE, 0), dies_from(p + PAGE, 1));
	CHECK(mprotect(p + PAGE, PAGE, PROT_NONE) == 0);
	printf("none: read %d\n", dies_from(p + PAGE, 0));
	CHECK_ERRNO(write(1, p + PAGE, 1), EFAULT);
	CHECK(mprotect(p + PAGE, PAGE, PROT_READ | PROT_WRITE) == 0 && p[PAGE] == 'x');
	munmap(p + PAGE, PAGE);
	CHECK_ERRNO(mprotect(p, 3 * PAGE, PROT_READ), ENOMEM);
	munmap(p, 3 * PAGE);
}

static void files(void)
{
	int fd = open("mapped", O_CREAT | O_RDWR, 0600);
	CHECK(ftruncate(fd, 2 * PAGE + 100) == 0 && pwrite(fd, "first", 5, 0) == 5 && pwrite(fd, "third", 5, 2 * PAGE) == 5);
	char *shared = map(3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *own = map(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 2 * PAGE);
	CHECK(!memcmp(shared, "first", 5) && !memcmp(own, "third", 5) && shared[2 * PAGE + 100] == 0);
	char buffer[8];
	memcpy(shared, "FIRST", 5);
	CHECK(pread(fd, buffer, 5, 0) == 5 && !memcmp(buffer, "FIRST", 5));
	memcpy(own, "THIRD", 5);
	CHECK(pread(fd, buffer, 5, 2 * PAGE) == 5 && !memcmp(buffer, "third", 5) && shared[2 * PAGE] == 't');
	CHECK(pwrite(fd, "seen", 4, PAGE) == 4 && !memcmp(shared + PAGE, "seen", 4));
	CHECK(msync(shared, PAGE, MS_SYNC) == 0);
	CHECK_ERRNO(msync(shared + 1, PAGE, MS_SYNC), EINVAL);
	CHECK(ftruncate(fd, PAGE) == 0);
	printf("past the end of the file: %d\n", dies_from(shared + 2 * PAGE, 0));
	CHECK(munmap(shared, 3 * PAGE) == 0 && munmap(own, PAGE) == 0);
	int reader = open("mapped", O_RDONLY);
	CHECK(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0) == MAP_FAILED && errno == EACCES);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, 1) == MAP_FAILED && errno == EINVAL);
	CHECK(mmap(NULL, 0, PROT_READ, MAP_SHARED, reader, 0) == MAP_FAILED && errno == EINVAL);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, -1, 0) == MAP_FAILED && errno == EBADF);
	CHECK(mmap(NULL, PAGE, PROT_READ, 0, reader, 0) == MAP_FAILED && errno == EINVAL);
	close(reader);
	close(fd);
	unlink("mapped");
}

static void sharing(void)
{
	volatile int *shared = (void *)map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	volatile int *own = (void *)map(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*shared = *own = 1;
	pid_t child = fork();
	if (child == 0) {
		*shared = *own = 2;
		_exit(0);
	}
	waitpid(child, NULL, 0);
	CHECK(*shared == 2 && *own == 1);
}

static void remapping(void)
{
	char *p = map(4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	strcpy(p, "start");
	strcpy(p + 3 * PAGE, "end");
	p = mremap(p, 4 * PAGE, 2 * PAGE, 0);
	CHECK(p != MAP_FAILED && !strcmp(p, "start"));
	printf("cut off: %d\n", dies_from(p + 2 * PAGE, 0));
	char *blocker = mmap(p + 2 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	CHECK(mremap(p, 2 * PAGE, 8 * PAGE, 0) == MAP_FAILED && errno == ENOMEM);
	char *q = mremap(p, 2 * PAGE, 8 * PAGE, MREMAP_MAYMOVE);
	CHECK(q != MAP_FAILED && q != p && !strcmp(q, "start") && q[8 * PAGE - 1] == 0);
	char *place = map(8 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(mremap(q, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place) == place && !strcmp(place, "start"));
	CHECK(mremap(place + 1, PAGE, PAGE, 0) == MAP_FAILED && errno == EINVAL);
	munmap(place, 8 * PAGE);
	munmap(blocker, PAGE);
}

static void advice(void)
{
	char *p = map(2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	p[0] = p[PAGE] = 1;
	CHECK(madvise(p, PAGE, MADV_DONTNEED) == 0 && p[0] == 0 && p[PAGE] == 1);
	CHECK(madvise(p, PAGE, MADV_WILLNEED) == 0);
	CHECK_ERRNO(madvise(p, PAGE, 12345), EINVAL);
	unsigned char present[2];
	CHECK(mincore(p, 2 * PAGE, present) == 0 && (present[1] & 1));
	CHECK(mlock(p, PAGE) == 0 && munlock(p, PAGE) == 0);
	int memory = memfd_create("name", MFD_CLOEXEC);
	CHECK(memory >= 0 && ftruncate(memory, PAGE) == 0);
	char *view = map(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	CHECK(pwrite(memory, "memfd", 5, 0) == 5 && !memcmp(view, "memfd", 5));
	close(memory);
	CHECK(!memcmp(view, "memfd", 5) && munmap(view, PAGE) == 0);
}

int main(void)
{
	anonymous();
	protection();
	files();
	sharing();
	remapping();
	advice();
	return check_status();
}
