// calls: open openat openat2 creat truncate
/* The file that a program runs from: nobody may write it meanwhile. */
#include "calls.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

static char own[4096];

static void attempts(void)
{
	SHOW(open(own, O_WRONLY));
	SHOW(open(own, O_RDWR | O_APPEND));
	SHOW(open(own, O_WRONLY | O_TRUNC));
	SHOW(open(own, O_RDONLY | O_TRUNC));
	SHOW(open(own, O_WRONLY | O_CREAT, 0600));
	SHOW(open(own, O_WRONLY | O_CREAT | O_EXCL, 0600));
	SHOW(open(own, O_WRONLY | O_DIRECTORY));
	SHOW(syscall(SYS_creat, own, 0600));
	SHOW(open("/proc/self/exe", O_WRONLY));
	SHOW(open("link", O_WRONLY));
	SHOW(open("link", O_WRONLY | O_NOFOLLOW));
	SHOW(open("other name", O_RDWR));
	int folder = open(".", O_PATH);
	SHOW(openat(folder, "link", O_RDWR));
	close(folder);
	uint64_t how[3] = {O_WRONLY | O_TRUNC};
	SHOW(syscall(SYS_openat2, AT_FDCWD, own, how, 24L));
	SHOW(syscall(SYS_openat2, AT_FDCWD, "/proc/self/exe", how, 24L));
	how[2] = 4;
	SHOW(syscall(SYS_openat2, AT_FDCWD, "link", how, 24L));
	SHOW(truncate(own, 0));
	SHOW(truncate(own, 1 << 20));
	SHOW(truncate(own, -1));
	SHOW(truncate("link", 0));
	SHOW(truncate("/proc/self/exe", 0));
	SHOW(truncate("other file", 1));
	/* Files that take any position begin at their start. */
	SHOW(lseek(open("/proc/self/environ", O_RDONLY), 0, SEEK_CUR));
	SHOW(lseek(open("/proc/self/pagemap", O_RDONLY), 0, SEEK_CUR));
	SHOW_ERROR(open(own, O_RDONLY));
	SHOW_ERROR(open(own, O_PATH | O_RDWR));
	SHOW_ERROR(open("other file", O_RDWR | O_TRUNC));
}

static void *in_thread(void *unused)
{
	attempts();
	return unused;
}

int main(void)
{
	ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
	CHECK(length > 0);
	struct stat before, after;
	CHECK(stat(own, &before) == 0);
	CHECK(symlink(own, "link") == 0);
	SHOW_ERROR(link(own, "other name") == -1 && errno == EXDEV ? symlink(own, "other name") : 0);
	CHECK(close(open("other file", O_CREAT | O_RDWR, 0600)) == 0);
	attempts();

	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		attempts();
		fflush(stdout);
		_exit(0);
	}
	CHECK(waitpid(child, NULL, 0) == child);
	pthread_t thread;
	CHECK(pthread_create(&thread, NULL, in_thread, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0);

	if (geteuid() == 0 && chmod(own, before.st_mode & ~0222) == 0) {
		/* Whoever may not write it at all is told so first. */
		fflush(stdout);
		child = fork();
		if (child == 0) {
			CHECK(seteuid(12345) == 0);
			SHOW(open(own, O_WRONLY));
			SHOW(truncate(own, 0));
			fflush(stdout);
			_exit(0);
		}
		CHECK(waitpid(child, NULL, 0) == child);
		chmod(own, before.st_mode);
	}
	CHECK(stat(own, &after) == 0);
	CHECK(before.st_size == after.st_size);
	return 0;
}
