// skip-cross: qemu 7.2 does not tell addresses that cannot be read in nanosleep
// calls: gettimeofday time times alarm pause getitimer setitimer utime utimes futimesat utimensat
// calls: clock_gettime clock_getres clock_nanosleep nanosleep timer_create timer_settime timer_gettime
// calls: timer_getoverrun timer_delete timerfd_create timerfd_settime timerfd_gettime
/* What time it is, waiting for a time, timers, and the times of files. */
#include "calls.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

static volatile sig_atomic_t alarms;

static void on_alarm(int signal)
{
	(void)signal;
	alarms++;
}

static void reading(void)
{
	struct timeval day;
	struct timespec clock;
	time_t seconds = 0;
	CHECK(syscall(SYS_gettimeofday, &day, NULL) == 0 && syscall(SYS_time, &seconds) == seconds);
	CHECK(syscall(SYS_clock_gettime, CLOCK_REALTIME, &clock) == 0);
	CHECK(seconds - day.tv_sec <= 1 && clock.tv_sec - day.tv_sec <= 1 && day.tv_usec < 1000000);
	SHOW(syscall(SYS_gettimeofday, NULL, NULL));
	SHOW(syscall(SYS_clock_gettime, 99, &clock));
	SHOW(syscall(SYS_clock_getres, CLOCK_MONOTONIC, &clock));
	CHECK(clock.tv_sec == 0 && clock.tv_nsec > 0);
	SHOW(syscall(SYS_clock_getres, CLOCK_MONOTONIC, NULL));
	SHOW(syscall(SYS_clock_getres, 99, &clock));
	struct tms used;
	CHECK(syscall(SYS_times, &used) != -1 && used.tms_utime >= 0);
	CHECK(syscall(SYS_times, NULL) != -1);
}

static void alarms_and_intervals(void)
{
	struct sigaction action = {.sa_handler = on_alarm};
	CHECK(sigaction(SIGALRM, &action, NULL) == 0);
	SHOW(syscall(SYS_alarm, 1000));
	SHOW(syscall(SYS_alarm, 0) > 900);
	SHOW(syscall(SYS_alarm, 0));
	struct itimerval soon = {{0, 2000}, {0, 1000}}, old;
	SHOW(syscall(SYS_setitimer, ITIMER_REAL, &soon, NULL));
	SHOW(syscall(SYS_pause));
	CHECK(alarms > 0);
	SHOW(syscall(SYS_getitimer, ITIMER_REAL, &old));
	printf("every %ld us\n", (long)old.it_interval.tv_usec);
	memset(&soon, 0, sizeof soon);
	SHOW(syscall(SYS_setitimer, ITIMER_REAL, &soon, &old));
	CHECK(old.it_interval.tv_usec == 2000);
	soon.it_value.tv_usec = 1000000;
	SHOW(syscall(SYS_setitimer, ITIMER_REAL, &soon, NULL));
	SHOW(syscall(SYS_setitimer, 9, &old, NULL));
	SHOW(syscall(SYS_getitimer, 9, &old));
	SHOW(syscall(SYS_getitimer, ITIMER_REAL, nowhere));
	SHOW(syscall(SYS_setitimer, ITIMER_REAL, nowhere, NULL));
}

static void sleeping(void)
{
	struct timespec short_time = {0, 1000}, rest = {7, 7}, past = {1, 0}, bad = {0, 1000000000};
	SHOW(syscall(SYS_nanosleep, &short_time, &rest));
	SHOW(syscall(SYS_nanosleep, &bad, NULL));
	SHOW(syscall(SYS_nanosleep, nowhere, NULL));
	SHOW(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &past, NULL));
	SHOW(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &bad, NULL));
	SHOW(syscall(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &short_time, NULL));
	SHOW(syscall(SYS_clock_nanosleep, 99, 0, &short_time, NULL));
	/* Interrupted, a sleep tells how much was left. */
	struct itimerval soon = {{0, 0}, {0, 1000}};
	struct timespec long_time = {100, 0};
	CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
	SHOW(syscall(SYS_nanosleep, &long_time, &rest));
	CHECK(rest.tv_sec > 50 && rest.tv_sec < 100);
}

static void timers(void)
{
	struct itimerspec set = {{0, 0}, {1000, 0}}, got;
	int timer = -1;
	SHOW(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, &timer));
	SHOW(syscall(SYS_timer_settime, timer, 0, &set, NULL));
	SHOW(syscall(SYS_timer_gettime, timer, &got));
	CHECK(got.it_value.tv_sec > 900 && got.it_value.tv_sec <= 1000);
	SHOW(syscall(SYS_timer_getoverrun, timer));
	SHOW(syscall(SYS_timer_settime, timer, 0, nowhere, NULL));
	SHOW(syscall(SYS_timer_gettime, timer, nowhere));
	SHOW(syscall(SYS_timer_delete, timer));
	SHOW(syscall(SYS_timer_delete, timer));
	SHOW(syscall(SYS_timer_gettime, timer, &got));
	SHOW(syscall(SYS_timer_getoverrun, timer));
	SHOW(syscall(SYS_timer_create, 99, NULL, &timer));
	int fd = syscall(SYS_timerfd_create, CLOCK_MONOTONIC, O_CLOEXEC);
	SHOW(fd >= 0);
	SHOW(syscall(SYS_timerfd_settime, fd, 0, &set, &got));
	CHECK(got.it_value.tv_sec == 0);
	SHOW(syscall(SYS_timerfd_gettime, fd, &got));
	CHECK(got.it_value.tv_sec > 900);
	set.it_value = (struct timespec){0, 1};
	SHOW(syscall(SYS_timerfd_settime, fd, 0, &set, NULL));
	uint64_t expired = 0;
	SHOW(read(fd, &expired, 8));
	printf("expired %d\n", (int)expired);
	SHOW(syscall(SYS_timerfd_settime, 0, 0, &set, NULL));
	SHOW(syscall(SYS_timerfd_gettime, fd, nowhere));
	SHOW(syscall(SYS_timerfd_create, 99, 0));
	SHOW(syscall(SYS_timerfd_create, CLOCK_MONOTONIC, 99));
	close(fd);
}

static void show_times(void)
{
	struct stat status;
	CHECK(stat("file", &status) == 0);
	printf("%lld.%09ld %lld.%09ld\n", (long long)status.st_atim.tv_sec, status.st_atim.tv_nsec,
	       (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

static void times_of_files(void)
{
	int fd = open("file", O_CREAT | O_RDWR, 0600);
	const long both[2] = {1000, 2000};
	struct timeval small[2] = {{3000, 5}, {4000, 6}}, bad[2] = {{1, 1000000}, {1, 0}};
	struct timespec fine[2] = {{5000, 7}, {6000, 8}}, keep[2] = {{1, UTIME_OMIT}, {9, 9}};
	SHOW(syscall(SYS_utime, "file", both));
	show_times();
	SHOW(syscall(SYS_utimes, "file", small));
	show_times();
	SHOW(syscall(SYS_futimesat, AT_FDCWD, "file", small));
	SHOW(syscall(SYS_utimensat, AT_FDCWD, "file", fine, 0));
	show_times();
	SHOW(syscall(SYS_utimensat, fd, NULL, keep, 0));
	show_times();
	SHOW(syscall(SYS_utime, "missing", both));
	SHOW(syscall(SYS_utime, "file", nowhere));
	SHOW(syscall(SYS_utimes, "file", bad));
	SHOW(syscall(SYS_utimes, "missing", NULL));
	SHOW(syscall(SYS_futimesat, AT_FDCWD, "file", bad));
	SHOW(syscall(SYS_futimesat, -1, "file", NULL));
	SHOW(syscall(SYS_utimensat, AT_FDCWD, "file", fine, 1));
	SHOW(syscall(SYS_utimensat, AT_FDCWD, NULL, fine, 0));
	SHOW(syscall(SYS_utime, "file", NULL));
}

int main(void)
{
	reading();
	alarms_and_intervals();
	sleeping();
	timers();
	times_of_files();
	return check_status();
}
