// args: one two=2 three
// flags: -pthread
/* What a program finds in /proc about itself: its file, its arguments, its name. */
#include "../libc/check.h"
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __wasm__
static const char magic[4] = "\0asm";
#else
static const char magic[4] = "\177ELF";
#endif

static struct stat own;

static void is_own(int fd)
{
	char head[4] = "";
	struct stat status;
	if (!CHECK(fd >= 0))
		return;
	CHECK(fstat(fd, &status) == 0 && status.st_ino == own.st_ino && status.st_dev == own.st_dev);
	CHECK(read(fd, head, 4) == 4 && memcmp(head, magic, 4) == 0);
	close(fd);
}

static void leads_home(const char *link)
{
	char text[PATH_MAX], *real;
	struct stat status;
	struct statx extended;
	ssize_t len = readlink(link, text, sizeof text - 1);
	if (!CHECK(len > 1 && text[0] == '/'))
		return;
	text[len] = 0;
	CHECK(stat(text, &status) == 0 && status.st_ino == own.st_ino);
	CHECK(stat(link, &status) == 0 && status.st_ino == own.st_ino && S_ISREG(status.st_mode));
	CHECK(fstatat(-1, link, &status, 0) == 0 && status.st_ino == own.st_ino);
	CHECK(statx(AT_FDCWD, link, 0, STATX_BASIC_STATS, &extended) == 0 && extended.stx_ino == own.st_ino);
	CHECK(lstat(link, &status) == 0 && S_ISLNK(status.st_mode));
	CHECK(access(link, R_OK | X_OK) == 0 && faccessat(AT_FDCWD, link, X_OK, AT_EACCESS) == 0);
	real = realpath(link, NULL);
	CHECK(real && strcmp(real, text) == 0);
	free(real);
	is_own(open(link, O_RDONLY));
	is_own(openat(-1, link, O_RDONLY | O_CLOEXEC));
	uint64_t how[3] = { O_RDONLY };
	is_own((int)syscall(437, AT_FDCWD, link, how, sizeof how));
	how[2] = 4; /* RESOLVE_NO_SYMLINKS */
	CHECK_ERRNO(syscall(437, AT_FDCWD, link, how, sizeof how), ELOOP);
	CHECK_ERRNO(open(link, O_RDONLY | O_NOFOLLOW), ELOOP);
	CHECK_ERRNO(open(link, O_RDONLY | O_DIRECTORY), ENOTDIR);
	/* No more than there is room for, and nothing behind it. */
	char few[8] = "zzzzzzz";
	CHECK(readlink(link, few, 3) == 3 && memcmp(few, text, 3) == 0 && strcmp(few + 3, "zzzz") == 0);
	memset(few, 'z', sizeof few);
	CHECK_ERRNO(syscall(SYS_readlink, link, few, 0), EINVAL);
	CHECK_ERRNO(readlink(link, (char *)(intptr_t)-4096, 100), EFAULT);
	CHECK_ERRNO(stat(link, (struct stat *)(intptr_t)-4096), EFAULT);
}

/* Calls that follow the link change the file or tell of it, however they are told to. */
static void every_call_follows(const char *link)
{
	char text[PATH_MAX] = "", new[64];
	struct stat before, after;
	struct statfs system[2];
	struct timespec times[2] = { { 1000000, 5 }, { 2000000, 7 } };
	union { struct file_handle head; char room[128]; } handles[2];
	int mounts[2];
	CHECK(readlink(link, text, sizeof text - 1) > 0 && stat(text, &before) == 0);
	CHECK(chmod(link, 0700) == 0 && stat(text, &after) == 0 && (after.st_mode & 07777) == 0700);
	CHECK(fchmodat(AT_FDCWD, link, before.st_mode & 07777, 0) == 0 && stat(text, &after) == 0);
	CHECK(after.st_mode == before.st_mode);
	CHECK(utimensat(AT_FDCWD, link, times, 0) == 0 && stat(text, &after) == 0 && after.st_mtim.tv_sec == 2000000);
	times[0] = before.st_atim, times[1] = before.st_mtim;
	CHECK(utimensat(-1, link, times, 0) == 0 && stat(text, &after) == 0 && after.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
	CHECK(chown(link, -1, -1) == 0 && fchownat(-1, link, -1, -1, 0) == 0);
	CHECK(statfs(link, &system[0]) == 0 && statfs(text, &system[1]) == 0);
	CHECK(memcmp(&system[0].f_fsid, &system[1].f_fsid, sizeof system[0].f_fsid) == 0);
	int watches = inotify_init();
	CHECK(inotify_add_watch(watches, link, IN_OPEN) == inotify_add_watch(watches, text, IN_OPEN));
	close(watches);
	handles[0].head.handle_bytes = handles[1].head.handle_bytes = sizeof handles[0].room - sizeof handles[0].head;
	CHECK(name_to_handle_at(AT_FDCWD, link, &handles[0].head, &mounts[0], AT_SYMLINK_FOLLOW)
		== name_to_handle_at(AT_FDCWD, text, &handles[1].head, &mounts[1], 0));
	CHECK(memcmp(&handles[0], &handles[1], sizeof handles[0].head + handles[1].head.handle_bytes) == 0);
	/* Beside the file: links to it lead to its own file system only. */
	snprintf(new, sizeof new, "linked-%d", getpid());
	char *slash = strrchr(text, '/');
	int beside = (*slash = 0, open(*text ? text : "/", O_PATH | O_DIRECTORY));
	CHECK(linkat(AT_FDCWD, link, beside, new, AT_SYMLINK_FOLLOW) == 0);
	CHECK(fstatat(beside, new, &after, 0) == 0 && after.st_ino == own.st_ino && unlinkat(beside, new, 0) == 0);
	close(beside);
	/* Those that do not follow it are about the link. */
	CHECK_ERRNO(unlink(link), EPERM);
	CHECK(lstat(link, &after) == 0 && S_ISLNK(after.st_mode));
	CHECK(fstatat(-1, link, &after, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(after.st_mode));
	CHECK_ERRNO(chdir(link), ENOTDIR);
}

static void all_names(void)
{
	char name[64];
	leads_home("/proc/self/exe");
	leads_home("/proc//self/./exe");
	leads_home("/proc/thread-self/exe");
	snprintf(name, sizeof name, "/proc/%d/exe", getpid());
	leads_home(name);
	snprintf(name, sizeof name, "/proc/self/task/%d/exe", gettid());
	leads_home(name);
	CHECK_ERRNO(readlink("/proc/self/exe/", name, sizeof name), ENOTDIR);
	CHECK_ERRNO(readlink("/proc/self/exe/x", name, sizeof name), ENOTDIR);
}

static void *in_thread(void *arg)
{
	all_names();
	return arg;
}

static void arguments(int argc, char **argv)
{
	char wanted[4096], found[4096];
	size_t len = 0;
	for (int i = 0; i < argc; i++) {
		strcpy(wanted + len, argv[i]);
		len += strlen(argv[i]) + 1;
	}
	int fd = open("/proc/self/cmdline", O_RDONLY);
	CHECK(read(fd, found, sizeof found) == (ssize_t)len && memcmp(found, wanted, len) == 0);
	close(fd);
}

static void name(void)
{
	char found[32] = "";
	CHECK(prctl(PR_SET_NAME, "a name of more than fifteen") == 0);
	CHECK(prctl(PR_GET_NAME, found) == 0);
	printf("name: %s\n", found);
	memset(found, 0, sizeof found);
	int fd = open("/proc/self/comm", O_RDONLY);
	CHECK(read(fd, found, sizeof found) > 0);
	close(fd);
	printf("comm: %s", found);
}

static int again(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		printf("%s%c", argv[i], i + 1 < argc ? ' ' : '\n');
	printf("called %s\n", program_invocation_short_name);
	CHECK(stat("/proc/self/exe", &own) == 0);
	leads_home("/proc/self/exe");
	arguments(argc, argv);
	return check_status();
}

static void executes(char *first, char *link)
{
	int status;
	char *argv[] = { first, "again", "", "a b", NULL };
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		execv(link, argv);
		_exit(78);
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "again") == 0)
		return again(argc, argv);
	pthread_t thread;
	CHECK(stat("/proc/self/exe", &own) == 0);
	all_names();
	every_call_follows("/proc/self/exe");
	arguments(argc, argv);
	name();
	executes("some/other", "/proc/self/exe");
	pthread_create(&thread, NULL, in_thread, NULL);
	pthread_join(thread, NULL);
	executes("-", "/proc/thread-self/exe");
	/* Wherever the program goes, and whoever asks. */
	CHECK(chdir("/") == 0);
	all_names();
	return check_status();
}
