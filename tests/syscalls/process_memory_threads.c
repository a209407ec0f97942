// skip-native: the engine refuses what the kernel allows
// flags: -pthread
/* The memory files of processes are not among the descriptors even for the moment in which they are refused:
 * other threads look for them all the time, and change where paths lead. */
#include "../libc/check.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 150
#define HIGHEST 24

static atomic_int is_over, n_caught;

/* A position that only a process's memory takes. */
static void look(int fd)
{
	if (lseek(fd, INT64_MIN, SEEK_SET) == INT64_MIN)
		n_caught++;
}

static void *spy(void *unused)
{
	while (!is_over)
		for (int fd = 3; fd < HIGHEST; fd++)
			look(fd);
	return unused;
}

/* What a new process inherits it keeps. */
static void *forker(void *unused)
{
	while (!is_over) {
		pid_t child = fork();
		if (child == 0) {
			for (int fd = 3; fd < HIGHEST; fd++)
				look(fd);
			_exit(n_caught != 0);
		}
		int status = 0;
		waitpid(child, &status, 0);
		if (status)
			n_caught++;
	}
	return unused;
}

static void *exchanger(void *unused)
{
	while (!is_over) {
		unlink("next");
		if (symlink("/proc/self/mem", "next") || rename("next", "link") || symlink("file", "next"))
			break;
		rename("next", "link");
	}
	return unused;
}

/* Either the file, or a refusal. */
static void open_link(int folder)
{
	unsigned long long how[3] = {O_RDWR, 0, 0};
	char *const arguments[] = {NULL};
	int fds[] = {
		open("link", O_RDWR),
		openat(folder, "link", O_RDONLY),
		open("link", O_RDWR | O_CREAT, 0600),
		open("link", O_PATH),
		syscall(SYS_openat2, folder, "link", how, sizeof how),
	};
	for (int i = 0; i < 5; i++) {
		look(fds[i]);
		if (fds[i] >= 0)
			close(fds[i]);
	}
	execve("link", arguments, arguments);
}

int main(void)
{
	char path[64];
	pthread_t threads[3];
	int folder = open(".", O_PATH), proc = open("/proc/self", O_PATH), file = open("file", O_CREAT | O_RDWR, 0600);
	CHECK(folder >= 0 && proc >= 0 && file >= 0 && symlink("file", "link") == 0);
	CHECK(symlink("/proc/thread-self/mem", "always") == 0);
	CHECK(pthread_create(&threads[0], NULL, spy, NULL) == 0 && pthread_create(&threads[1], NULL, exchanger, NULL) == 0);
	CHECK(pthread_create(&threads[2], NULL, forker, NULL) == 0);
	for (int round = 0; round < ROUNDS; round++) {
		CHECK_ERRNO(open("/proc/self/mem", O_RDWR), EACCES);
		CHECK_ERRNO(open("/proc/thread-self/mem", O_RDONLY), EACCES);
		CHECK_ERRNO(openat(proc, "mem", O_RDWR), EACCES);
		CHECK_ERRNO(open("always", O_RDWR), EACCES);
		CHECK_ERRNO(open("always", O_PATH), EACCES);
		CHECK_ERRNO(creat("always", 0600), EACCES);
		snprintf(path, sizeof path, "/proc/%d/task/%d/mem", getpid(), getpid());
		CHECK_ERRNO(open(path, O_RDONLY), EACCES);
		open_link(folder);
	}
	is_over = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	CHECK(n_caught == 0);
	return check_status();
}
