// calls: prlimit64
/* Resource limits, also those that hold for the program's own memory only. */
#include "../libc/check.h"
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static void *volatile nowhere = (void *)16;

static void change_and_read(int resource)
{
	struct rlimit before, lower, after;
	CHECK(getrlimit(resource, &before) == 0);
	lower = before;
	lower.rlim_cur = before.rlim_cur == RLIM_INFINITY ? 1UL << 40 : before.rlim_cur - 1;
	CHECK(setrlimit(resource, &lower) == 0 && getrlimit(resource, &after) == 0);
	CHECK(after.rlim_cur == lower.rlim_cur && after.rlim_max == before.rlim_max);
	CHECK(prlimit(0, resource, &before, &after) == 0 && after.rlim_cur == lower.rlim_cur);
	CHECK(prlimit(getpid(), resource, NULL, &after) == 0 && after.rlim_cur == before.rlim_cur);
	lower = (struct rlimit){2, 1};
	CHECK_ERRNO(setrlimit(resource, &lower), EINVAL);
	CHECK_ERRNO(setrlimit(resource, nowhere), EFAULT);
	CHECK_ERRNO(getrlimit(resource, nowhere), EFAULT);
}

int main(void)
{
	const int resources[] = {RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_NOFILE, RLIMIT_CORE, RLIMIT_CPU};
	for (int i = 0; i < 6; i++)
		change_and_read(resources[i]);
	struct rlimit limit;
	CHECK_ERRNO(getrlimit(99, &limit), EINVAL);

	/* A limit on the address space keeps a program from mapping more. */
	CHECK(getrlimit(RLIMIT_AS, &limit) == 0);
	limit.rlim_cur = 512 << 20;
	CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
	CHECK_ERRNO(mmap(NULL, 1 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
	void *small = mmap(NULL, 64 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(small != MAP_FAILED && munmap(small, 64 << 20) == 0);
	limit.rlim_cur = limit.rlim_max;
	CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
	small = mmap(NULL, 1 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(small != MAP_FAILED);
	return check_status();
}
