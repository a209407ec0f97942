// skip-cross: qemu 7.2 has no quotactl
// calls: acct swapon swapoff reboot settimeofday clock_settime adjtimex clock_adjtime init_module
// calls: delete_module finit_module kexec_file_load quotactl quotactl_fd syslog vhangup sysfs ustat
// calls: sethostname setdomainname uname sysinfo sync syncfs
/* Calls about the machine as a whole, with arguments that leave it as it is. */
#include "calls.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <time.h>

static void hang_up(void)
{
	/* A session without a terminal has nothing to lose. */
	CHECK(setsid() > 0);
	SHOW(syscall(SYS_vhangup));
}

static void clocks(void)
{
	struct timeval past_the_second = {5, 2000000};
	struct timespec negative = {0, -1}, now;
	SHOW(syscall(SYS_settimeofday, &past_the_second, NULL));
	SHOW(syscall(SYS_settimeofday, nowhere, NULL));
	SHOW(syscall(SYS_clock_settime, CLOCK_REALTIME, &negative));
	SHOW(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &negative));
	SHOW(syscall(SYS_clock_settime, 99, &negative));
	SHOW(syscall(SYS_clock_settime, CLOCK_REALTIME, nowhere));
	struct timex timex;
	memset(&timex, 0, sizeof timex);
	/* With no mode it only asks. */
	SHOW_ERROR(syscall(SYS_adjtimex, &timex));
	CHECK(timex.tick >= 9000 && timex.tick <= 11000);
	SHOW(syscall(SYS_adjtimex, nowhere));
	memset(&timex, 0, sizeof timex);
	SHOW_ERROR(syscall(SYS_clock_adjtime, CLOCK_REALTIME, &timex));
	CHECK(timex.tick >= 9000 && timex.tick <= 11000);
	CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
	CHECK(timex.time.tv_sec >= now.tv_sec - 100 && timex.time.tv_sec <= now.tv_sec + 100);
	SHOW(syscall(SYS_clock_adjtime, 99, &timex));
	SHOW(syscall(SYS_clock_adjtime, CLOCK_REALTIME, nowhere));
}

static void modules(void)
{
	SHOW(syscall(SYS_init_module, "none", 4L, ""));
	SHOW(syscall(SYS_init_module, nowhere, 4L, ""));
	SHOW(syscall(SYS_finit_module, -1, "", 0));
	SHOW(syscall(SYS_finit_module, 0, "", 99));
	SHOW(syscall(SYS_delete_module, "no_such_module", O_NONBLOCK));
	SHOW(syscall(SYS_delete_module, nowhere, O_NONBLOCK));
	SHOW(syscall(SYS_kexec_file_load, -1, -1, 0L, "", 99L));
	SHOW(syscall(SYS_kexec_file_load, -1, -1, 1L, "", 0L));
}

static void storage(void)
{
	SHOW(syscall(SYS_acct, "missing"));
	SHOW(syscall(SYS_acct, "/"));
	SHOW(syscall(SYS_acct, nowhere));
	SHOW(syscall(SYS_swapon, "missing", 0));
	SHOW(syscall(SYS_swapon, nowhere, 0));
	SHOW(syscall(SYS_swapon, "missing", 1 << 30));
	SHOW(syscall(SYS_swapoff, "missing"));
	SHOW(syscall(SYS_swapoff, nowhere));
	char data[256];
	SHOW(syscall(SYS_quotactl, 0x800007 << 8, "missing", 0, data));
	SHOW(syscall(SYS_quotactl, 0x800004 << 8, "missing", 0, data));
	SHOW(syscall(SYS_quotactl, -1, "missing", 0, data));
	SHOW(syscall(443, -1, 0x800004 << 8, 0, data));
	SHOW(syscall(443, 0, -1, 0, data));
	struct stat status;
	CHECK(stat("/proc", &status) == 0);
	/* A file system without a device has no statistics of this kind. */
	char statistics[32];
	SHOW(syscall(SYS_ustat, 0xffff, statistics));
	SHOW_ERROR(syscall(SYS_ustat, (int)status.st_dev, statistics));
	SHOW_ERROR(syscall(SYS_ustat, (int)status.st_dev, nowhere));
	SHOW(syscall(SYS_sync));
	int here = open(".", O_RDONLY);
	SHOW(syscall(SYS_syncfs, here));
	SHOW(syscall(SYS_syncfs, -1));
}

static void file_system_types(void)
{
	char name[64] = {0};
	long count = syscall(SYS_sysfs, 3);
	CHECK(count > 1 && count < 1000);
	CHECK(syscall(SYS_sysfs, 2, 0, name) == 0 && syscall(SYS_sysfs, 1, name) == 0);
	SHOW(syscall(SYS_sysfs, 1, "none such"));
	SHOW(syscall(SYS_sysfs, 1, nowhere));
	SHOW(syscall(SYS_sysfs, 2, 100000, name));
	SHOW(syscall(SYS_sysfs, 2, 0, nowhere));
	SHOW(syscall(SYS_sysfs, 9));
}

int main(void)
{
	SHOW(syscall(SYS_reboot, 0, 0, 0, NULL));
	in_child("hang up", hang_up);
	clocks();
	modules();
	storage();
	file_system_types();
	char text[64];
	/* The size of the kernel's log, and orders that it does not know. */
	CHECK(syscall(SYS_syslog, 10, NULL, 0) > 0 || errno == EPERM);
	SHOW(syscall(SYS_syslog, 99, text, 1));
	SHOW(syscall(SYS_syslog, 2, NULL, 1));
	SHOW(syscall(SYS_syslog, 3, text, -1));
	SHOW(syscall(SYS_syslog, 8, NULL, 99));
	SHOW(syscall(SYS_sethostname, "x", -1));
	SHOW(syscall(SYS_sethostname, "x", 65));
	SHOW(syscall(SYS_sethostname, nowhere, 5));
	SHOW(syscall(SYS_setdomainname, "x", 65));
	SHOW(syscall(SYS_setdomainname, nowhere, 5));
	struct utsname names;
	SHOW(syscall(SYS_uname, &names));
	printf("%s %s\n", names.sysname, names.release);
	SHOW(syscall(SYS_uname, nowhere));
	char information[128];
	SHOW(syscall(SYS_sysinfo, information));
	SHOW(syscall(SYS_sysinfo, nowhere));
	return check_status();
}
