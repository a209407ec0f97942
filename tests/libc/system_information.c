/* What a program learns about its system and user: uname, sysconf, limits, passwd, groups, ids. */
#include "check.h"
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

static void machine(void)
{
	struct utsname name;
	char host[256];
	CHECK(uname(&name) == 0 && !strcmp(name.sysname, "Linux") && name.release[0] >= '2');
	CHECK(gethostname(host, sizeof host) == 0 && !strcmp(host, name.nodename));
	CHECK_ERRNO(uname((void *)16), EFAULT);
	CHECK(sysconf(_SC_PAGESIZE) == 4096 && getpagesize() == 4096 && sysconf(_SC_OPEN_MAX) > 10 && sysconf(_SC_IOV_MAX) == 1024);
	CHECK(sysconf(_SC_NPROCESSORS_ONLN) >= 1 && sysconf(_SC_NPROCESSORS_CONF) >= 1 && sysconf(_SC_PHYS_PAGES) > 1000);
	CHECK(sysconf(_SC_ARG_MAX) >= 4096 && sysconf(_SC_VERSION) == 200809);
	CHECK_ERRNO(sysconf(99999), EINVAL);
	struct sysinfo info;
	CHECK(sysinfo(&info) == 0 && info.totalram > 0 && info.uptime > 0 && info.mem_unit >= 1);
	double load[3];
	CHECK(getloadavg(load, 3) == 3 && load[0] >= 0);
	CHECK(getauxval(AT_PAGESZ) == 4096 || getauxval(AT_PAGESZ) == 0);
	cpu_set_t set;
	CHECK(sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) >= 1 && sched_getcpu() >= 0);
	CHECK(sched_get_priority_max(SCHED_FIFO) == 99);
}

static void limits(void)
{
	struct rlimit limit, again;
	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur <= limit.rlim_max && limit.rlim_cur > 10);
	limit.rlim_cur = 64;
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0 && getrlimit(RLIMIT_NOFILE, &again) == 0 && again.rlim_cur == 64);
	CHECK_ERRNO(dup2(1, 64), EBADF);
	int last = -1, fd;
	while ((fd = dup(1)) >= 0)
		last = fd;
	CHECK(errno == EMFILE && last == 63);
	while (last > 2)
		close(last--);
	limit.rlim_cur = limit.rlim_max + 1;
	if (limit.rlim_max != RLIM_INFINITY)
		CHECK_ERRNO(setrlimit(RLIMIT_NOFILE, &limit), EINVAL);
	CHECK_ERRNO(getrlimit(999, &limit), EINVAL);
	CHECK(getrlimit(RLIMIT_CORE, &limit) == 0 && setrlimit(RLIMIT_CORE, &(struct rlimit){0, limit.rlim_max}) == 0);
	errno = 0;
	CHECK(nice(0) >= -20 && errno == 0);
}

static void users(void)
{
	struct passwd *root = getpwnam("root"), *same, space;
	char buffer[1000];
	CHECK(root && root->pw_uid == 0 && !strcmp(root->pw_dir, "/root"));
	CHECK(getpwuid_r(0, &space, buffer, sizeof buffer, &same) == 0 && same == &space && !strcmp(same->pw_name, "root"));
	CHECK(getpwuid_r(0, &space, buffer, 2, &same) == ERANGE && !same);
	CHECK(getpwnam("no such user at all") == NULL);
	struct group *group = getgrgid(0);
	CHECK(group && !strcmp(group->gr_name, "root") && getgrnam("root")->gr_gid == 0);
	int count = 0;
	setpwent();
	while (getpwent())
		count++;
	endpwent();
	CHECK(count > 3);
	gid_t groups[NGROUPS_MAX];
	CHECK(getgroups(0, NULL) >= 0 && getgroups(NGROUPS_MAX, groups) >= 0);
	uid_t real, effective, saved;
	CHECK(getresuid(&real, &effective, &saved) == 0 && real == getuid() && effective == geteuid());
	CHECK(setuid(getuid()) == 0 && setgid(getgid()) == 0 && setreuid((uid_t)-1, (uid_t)-1) == 0);
}

static void process_control(void)
{
	char name[16];
	CHECK(prctl(PR_SET_NAME, "renamed") == 0 && prctl(PR_GET_NAME, name) == 0 && !strcmp(name, "renamed"));
	CHECK(prctl(PR_SET_PDEATHSIG, 0) == 0 && prctl(PR_GET_DUMPABLE) >= 0);
	CHECK_ERRNO(prctl(99999, 0, 0, 0, 0), EINVAL);
}

int main(void)
{
	machine();
	limits();
	users();
	process_control();
	return check_status();
}
