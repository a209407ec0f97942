/* Clocks, sleeping and processor time. */
#include "check.h"
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static long to_ns(struct timespec t)
{
	return t.tv_sec * 1000000000 + t.tv_nsec;
}

static long now_ns(clockid_t clock)
{
	struct timespec t;
	CHECK(clock_gettime(clock, &t) == 0 && t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
	return to_ns(t);
}

static void readings(void)
{
	static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID,
					   CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
					   CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_TAI};
	for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
		struct timespec resolution;
		CHECK(clock_getres(clocks[i], &resolution) == 0 && to_ns(resolution) > 0);
		long before = now_ns(clocks[i]);
		CHECK(now_ns(clocks[i]) >= before);
	}
	struct timespec t;
	CHECK_ERRNO(clock_gettime(999, &t), EINVAL);
	CHECK_ERRNO(clock_getres(999, &t), EINVAL);
	struct timeval tv;
	CHECK(gettimeofday(&tv, NULL) == 0);
	CHECK(time(NULL) - tv.tv_sec <= 1 && now_ns(CLOCK_REALTIME) / 1000000000 - tv.tv_sec <= 1);
	CHECK(timespec_get(&t, TIME_UTC) == TIME_UTC && t.tv_sec - tv.tv_sec <= 1);
	CHECK(tv.tv_sec > 1700000000);
}

static void sleeping(void)
{
	long before = now_ns(CLOCK_MONOTONIC);
	CHECK(nanosleep(&(struct timespec){0, 20000000}, NULL) == 0);
	CHECK(usleep(10000) == 0);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){0, 10000000}, NULL) == 0);
	long passed = now_ns(CLOCK_MONOTONIC) - before;
	CHECK(passed >= 40000000 && passed < 20000000000);
	struct timespec goal;
	clock_gettime(CLOCK_MONOTONIC, &goal);
	goal.tv_nsec += 5000000;
	if (goal.tv_nsec >= 1000000000) {
		goal.tv_sec++;
		goal.tv_nsec -= 1000000000;
	}
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &goal, NULL) == 0);
	CHECK(now_ns(CLOCK_MONOTONIC) >= to_ns(goal));
	CHECK_ERRNO(nanosleep(&(struct timespec){0, 1000000000}, NULL), EINVAL);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){-1, 0}, NULL) == EINVAL);
}

static void processor(void)
{
	clock_t start = clock();
	CHECK(start >= 0);
	volatile unsigned work = 0;
	while (clock() - start < CLOCKS_PER_SEC / 20)
		for (int i = 0; i < 1000; i++)
			work += 1;
	struct rusage usage;
	CHECK(getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec +
								     usage.ru_stime.tv_usec > 0);
	CHECK(usage.ru_maxrss > 0);
	struct tms t;
	CHECK(times(&t) != -1 && sysconf(_SC_CLK_TCK) == 100);
	CHECK(now_ns(CLOCK_PROCESS_CPUTIME_ID) >= 40000000);
	clockid_t own;
	CHECK(clock_getcpuclockid(0, &own) == 0);
}

int main(void)
{
	readings();
	sleeping();
	processor();
	return check_status();
}
