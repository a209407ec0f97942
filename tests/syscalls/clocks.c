/* The calls that native programs are spared, made as calls: their errors, and signals around them. */
#include "../libc/check.h"
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static char *protected_page(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(page, 0x5a, 4096);
	mprotect(page, 4096, PROT_READ);
	return page;
}

static void errors(void)
{
	char *page = protected_page();
	CHECK_ERRNO(syscall(SYS_clock_gettime, CLOCK_REALTIME, NULL), EFAULT);
	CHECK_ERRNO(syscall(SYS_clock_gettime, CLOCK_REALTIME, page), EFAULT);
	CHECK_ERRNO(syscall(SYS_clock_gettime, 999, NULL), EINVAL);
	CHECK_ERRNO(syscall(SYS_clock_gettime, 999, page), EINVAL);
	CHECK_ERRNO(syscall(SYS_gettimeofday, page, NULL), EFAULT);
	CHECK_ERRNO(syscall(SYS_gettimeofday, NULL, page), EFAULT);
	CHECK(syscall(SYS_gettimeofday, NULL, NULL) == 0);
	CHECK_ERRNO(syscall(SYS_time, page), EFAULT);
	CHECK_ERRNO(syscall(SYS_getcpu, page, NULL, NULL), EFAULT);
	CHECK_ERRNO(syscall(SYS_getcpu, NULL, page, NULL), EFAULT);
	CHECK(syscall(SYS_getcpu, NULL, NULL, NULL) == 0);
	CHECK(page[0] == 0x5a && page[15] == 0x5a);
}

static void answers(void)
{
	struct timespec precise, coarse;
	struct timeval of_day;
	struct timezone zone = {77, 77};
	long long seconds = -1;
	CHECK(syscall(SYS_clock_gettime, CLOCK_REALTIME_COARSE, &coarse) == 0);
	CHECK(syscall(SYS_gettimeofday, &of_day, &zone) == 0);
	CHECK(zone.tz_minuteswest != 77 && zone.tz_dsttime != 77);
	CHECK(syscall(SYS_clock_gettime, CLOCK_REALTIME, &precise) == 0);
	CHECK(of_day.tv_sec >= coarse.tv_sec && of_day.tv_sec <= precise.tv_sec);
	CHECK(of_day.tv_usec >= 0 && of_day.tv_usec < 1000000);
	long told = syscall(SYS_time, &seconds);
	CHECK(told == seconds && told >= coarse.tv_sec && told <= precise.tv_sec + 1);
	unsigned processor = 12345678, node = 12345678;
	CHECK(syscall(SYS_getcpu, &processor, NULL, NULL) == 0 && processor < 12345678);
	CHECK(syscall(SYS_getcpu, &processor, &node, NULL) == 0 && node < 12345678);
	/* A thread's own clock, asked for by a number that stands for it. */
	clockid_t own;
	struct timespec used;
	CHECK(clock_getcpuclockid(0, &own) == 0 && syscall(SYS_clock_gettime, own, &used) == 0);
	CHECK(used.tv_sec >= 0 && used.tv_nsec >= 0);
}

static volatile sig_atomic_t n_alarms;

static void count(int signal)
{
	n_alarms++;
}

/* A loop that makes no other call still sees its signals. */
static void signals(void)
{
	struct timespec now;
	signal(SIGALRM, count);
	setitimer(ITIMER_REAL, &(struct itimerval){{0, 1000}, {0, 1000}}, NULL);
	while (n_alarms < 20)
		clock_gettime(CLOCK_MONOTONIC, &now);
	setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
	puts("signals came");
}

int main(void)
{
	errors();
	answers();
	signals();
	return check_status();
}
