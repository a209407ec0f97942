// skip-native: the engine refuses what the kernel allows
// flags: -pthread
/* The memory files of processes get no other name by a mount, and are refused where /proc is somewhere else; other
 * threads look for them all the time, and change where paths lead. */
#define _GNU_SOURCE
#include "calls.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define ROUNDS 100
#define HIGHEST 24

enum { CLONE_TREE = 1, CLOEXEC_TREE = O_CLOEXEC };

static atomic_int is_over, n_caught, n_opened;

/* A position that only a process's memory takes. */
static void look(int fd)
{
	if (lseek(fd, INT64_MIN, SEEK_SET) == INT64_MIN)
		n_caught++;
}

static void *spy(void *unused)
{
	while (!is_over)
		for (int fd = 0; fd < HIGHEST; fd++)
			look(fd);
	return unused;
}

static void *exchanger(void *unused)
{
	while (!is_over) {
		unlink("/next");
		if (symlink("/p/self/mem", "/next") || rename("/next", "/link") || symlink("/file", "/next"))
			break;
		rename("/next", "/link");
	}
	return unused;
}

static void mounting(void)
{
	uint64_t attributes[4] = {0};
	int self = open("/proc/self", O_PATH);
	CHECK_ERRNO(mount("/proc/self/mem", "file", NULL, MS_BIND, NULL), EACCES);
	CHECK_ERRNO(mount("link", "file", NULL, MS_BIND | MS_REC, NULL), EACCES);
	CHECK_ERRNO(mount("/proc/thread-self/mem", "file", "none", MS_BIND | MS_RDONLY, NULL), EACCES);
	CHECK_ERRNO(syscall(SYS_open_tree, AT_FDCWD, "/proc/self/mem", CLONE_TREE), EACCES);
	CHECK_ERRNO(syscall(SYS_open_tree, AT_FDCWD, "link", CLONE_TREE), EACCES);
	CHECK_ERRNO(syscall(SYS_open_tree, self, "mem", CLONE_TREE | AT_SYMLINK_NOFOLLOW), EACCES);
	long answer = syscall(CALL_open_tree_attr, self, "mem", CLONE_TREE, attributes, 32);
	CHECK(answer == -1 && (errno == EACCES || errno == ENOSYS));
	/* A descriptor that only stands for a place is harmless, until it is to be a mount. */
	int place = syscall(SYS_open_tree, self, "mem", 0);
	if (place >= 0) {
		char path[64];
		snprintf(path, sizeof path, "/proc/self/fd/%d", place);
		CHECK_ERRNO(open(path, O_RDWR), EACCES);
		CHECK_ERRNO(mount(path, "file", NULL, MS_BIND, NULL), EACCES);
		CHECK_ERRNO(syscall(SYS_open_tree, place, "", CLONE_TREE | AT_EMPTY_PATH), EACCES);
		close(place);
	}
	close(self);
	/* What else is there. */
	CHECK(mount("/proc/self/maps", "file", NULL, MS_BIND, NULL) == 0 && umount2("file", MNT_DETACH) == 0);
	int tree = syscall(SYS_open_tree, AT_FDCWD, "other", CLONE_TREE | CLOEXEC_TREE);
	CHECK(tree >= 0 && fcntl(tree, F_GETFD) == FD_CLOEXEC);
	CHECK(syscall(SYS_move_mount, tree, "", AT_FDCWD, "file", 4) == 0);
	CHECK(close(tree) == 0 && umount2("file", 0) == 0);
}

/* Threads open files where /proc is empty, and the real one has another name. */
static void elsewhere(void)
{
	pthread_t threads[2];
	CHECK(chroot("root") == 0 && chdir("/") == 0);
	CHECK(symlink("/p/self/mem", "/always") == 0 && symlink("/file", "/link") == 0 && symlink("/pipe", "/to pipe") == 0);
	CHECK(close(open("/file", O_CREAT | O_RDWR, 0600)) == 0 && mkfifo("/pipe", 0600) == 0);
	CHECK(pthread_create(&threads[0], NULL, spy, NULL) == 0);
	CHECK_ERRNO(open("/p/self/mem", O_RDWR), EACCES);
	CHECK_ERRNO(open("/always", O_RDWR), EACCES);
	CHECK_ERRNO(open("/always", O_RDWR | O_CREAT, 0600), EACCES);
	CHECK_ERRNO(open("/to pipe", O_RDONLY), EACCES);
	int lowest = dup(0), fd = open("/link", O_RDWR), closed = open("/link", O_RDONLY | O_CLOEXEC);
	CHECK(fd == lowest + 1 && closed == fd + 1 && write(fd, "x", 1) == 1);
	CHECK(fcntl(fd, F_GETFD) == 0 && fcntl(closed, F_GETFD) == FD_CLOEXEC);
	CHECK((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR && (fcntl(closed, F_GETFL) & O_ACCMODE) == O_RDONLY);
	CHECK(close(fd) == 0 && close(closed) == 0);
	CHECK_ERRNO(open("/link/below", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open("/link", O_RDONLY | O_NOFOLLOW), ELOOP);
	fd = open("/link", O_WRONLY | O_TRUNC | O_CREAT, 0600);
	struct stat now;
	CHECK(fstat(fd, &now) == 0 && now.st_size == 0 && close(fd) == 0);
	CHECK(pthread_create(&threads[1], NULL, exchanger, NULL) == 0);
	for (int round = 0; round < ROUNDS; round++) {
		static const int flags[] = {O_RDWR, O_RDONLY, O_PATH, O_RDWR | O_CREAT};
		fd = open("/link", flags[round % 4], 0600);
		look(fd);
		if (fd >= 0) {
			n_opened++;
			close(fd);
		}
	}
	is_over = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	CHECK(n_caught == 0 && n_opened > 0);
}

int main(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return 0;
	CHECK(close(open("file", O_CREAT | O_RDWR, 0600)) == 0 && close(open("other", O_CREAT | O_RDWR, 0600)) == 0);
	CHECK(symlink("/proc/self/mem", "link") == 0);
	mounting();
	/* In a child, as threads and processes of its own are no longer possible there. */
	pid_t child = fork();
	if (child == 0) {
		CHECK(unshare(CLONE_NEWPID) == 0);
		mounting();
		exit(check_status());
	}
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	CHECK(mkdir("root", 0700) == 0 && mkdir("root/proc", 0700) == 0 && mkdir("root/p", 0700) == 0);
	CHECK(mount("/proc", "root/p", NULL, MS_BIND | MS_REC, NULL) == 0);
	child = fork();
	if (child == 0) {
		elsewhere();
		exit(check_status());
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	CHECK(umount2("root/p", MNT_DETACH) == 0);
	return check_status();
}
