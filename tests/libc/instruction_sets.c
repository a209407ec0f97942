/* Flags and structures that instruction sets have in different ways: programs see x86-64's on all of them. */
#define _GNU_SOURCE
#include "check.h"
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <unistd.h>

/* The flags of an open file. O_LARGEFILE is the C library's business. */
static void show_flags(const char *what, int fd)
{
	if (fd < 0)
		printf("%s: errno %d\n", what, errno);
	else
		printf("%s: flags %#o\n", what, fcntl(fd, F_GETFL) & ~0100000);
}

static void open_files(void)
{
	static const struct {
		const char *what, *path;
		int flags;
	} cases[] = {
		{"folder", "folder", O_RDONLY | O_DIRECTORY},
		{"no folder", "file", O_RDONLY | O_DIRECTORY},
		{"folder to write", "folder", O_WRONLY},
		{"link", "link", O_RDONLY},
		{"link itself", "link", O_RDONLY | O_NOFOLLOW},
		{"name of the link", "link", O_PATH | O_NOFOLLOW},
		{"name of a folder", "folder", O_PATH | O_DIRECTORY},
		{"new", "new", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC},
		{"new again", "new", O_RDWR | O_CREAT | O_EXCL},
		{"append", "file", O_WRONLY | O_APPEND | O_NONBLOCK},
		{"synchronous", "file", O_RDWR | O_SYNC},
		{"data only", "file", O_RDWR | O_DSYNC},
		{"unnamed", "folder", O_RDWR | O_TMPFILE},
		{"no access time", "file", O_RDONLY | O_NOATIME},
	};
	close(open("file", O_WRONLY | O_CREAT, 0600));
	CHECK(mkdir("folder", 0700) == 0 && symlink("file", "link") == 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int fd = open(cases[i].path, cases[i].flags, 0600);
		show_flags(cases[i].what, fd);
		if (fd >= 0)
			close(fd);
	}
	int fd = open("file", O_RDWR), ends[2];
	CHECK(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK) == 0);
	show_flags("set", fd);
	/* Not every file system knows it. */
	CHECK(fcntl(fd, F_SETFL, O_DIRECT) == 0 ? fcntl(fd, F_GETFL) & O_DIRECT : errno == EINVAL);
	close(fd);
	CHECK(pipe2(ends, O_DIRECT | O_NONBLOCK | O_CLOEXEC) == 0 && fcntl(ends[0], F_GETFD) == FD_CLOEXEC);
	show_flags("packets", ends[1]);
	char text[8];
	CHECK(write(ends[1], "abc", 3) == 3 && write(ends[1], "de", 2) == 2);
	CHECK(read(ends[0], text, sizeof text) == 3 && read(ends[0], text, sizeof text) == 2);
	close(ends[0]);
	close(ends[1]);
	CHECK(unlink("link") == 0 && rmdir("folder") == 0 && unlink("new") == 0);
}

static void show_status(const char *what, const struct stat *status)
{
	printf("%s: mode %#o, links %lu, size %lld, blocks of %ld, times %lld.%09ld %lld.%09ld, device %d\n", what,
		(unsigned)status->st_mode, (unsigned long)status->st_nlink, (long long)status->st_size, (long)status->st_blksize,
		(long long)status->st_atim.tv_sec, (long)status->st_atim.tv_nsec, (long long)status->st_mtim.tv_sec,
		(long)status->st_mtim.tv_nsec, status->st_rdev != 0);
	CHECK(status->st_uid == geteuid() && status->st_ino != 0 && status->st_dev != 0 && status->st_ctim.tv_sec > 1000000000);
}

static void status(void)
{
	struct stat status;
	int fd = open("file", O_RDWR);
	CHECK(write(fd, "12345", 5) == 5 && ftruncate(fd, 5LL << 32) == 0 && link("file", "second") == 0);
	CHECK(futimens(fd, (struct timespec[]){{1234567890, 123456789}, {-77, 1}}) == 0);
	CHECK(fstat(fd, &status) == 0);
	show_status("fstat", &status);
	CHECK(symlink("file", "link") == 0 && utimensat(AT_FDCWD, "link", (struct timespec[]){{5, 6}, {7, 8}}, AT_SYMLINK_NOFOLLOW) == 0);
	CHECK(lstat("link", &status) == 0);
	show_status("lstat", &status);
	CHECK(fstatat(AT_FDCWD, "link", &status, 0) == 0);
	show_status("fstatat", &status);
	CHECK(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == 0x103);
	CHECK_ERRNO(stat("missing", &status), ENOENT);
	close(fd);
	CHECK(unlink("link") == 0 && unlink("second") == 0 && unlink("file") == 0);
}

static void events(void)
{
	enum { N = 5 };
	int ends[N][2], epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = {0}, got[N + 1] = {0};
	for (int i = 0; i < N; i++) {
		CHECK(pipe(ends[i]) == 0);
		event.events = EPOLLIN | (i == 1 ? EPOLLONESHOT : 0);
		event.data.u64 = 0x123456789abcdef0 + i;
		CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[i][0], &event) == 0);
		if (i != 3)
			CHECK(write(ends[i][1], "x", 1) == 1);
	}
	got[4].data.u64 = 7;
	for (int round = 0; round < 2; round++) {
		int n = epoll_wait(epoll, got, N + 1, 0);
		printf("%d events:", n);
		for (int i = 0; i < n; i++)
			printf(" %#x %llx", (unsigned)got[i].events, (unsigned long long)got[i].data.u64);
		printf("\n");
	}
	CHECK(got[4].data.u64 == 7);
	event.events = EPOLLOUT;
	CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0][0], &event), EEXIST);
	CHECK(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[0][0], NULL) == 0);
	close(ends[2][1]);
	CHECK(epoll_wait(epoll, got, 1, 0) == 1);
}

static void semaphores(void)
{
	union {
		int value;
		struct semid_ds *state;
	} argument;
	struct semid_ds state = {0};
	int id = semget(IPC_PRIVATE, 3, 0640);
	argument.state = &state;
	CHECK(id >= 0 && semctl(id, 0, IPC_STAT, argument) == 0);
	printf("semaphores: %lu, mode %#o, used %d, changed %d\n", (unsigned long)state.sem_nsems, (unsigned)state.sem_perm.mode,
		state.sem_otime != 0, state.sem_ctime > 1000000000);
	CHECK(semop(id, &(struct sembuf){1, 2, 0}, 1) == 0 && semctl(id, 0, IPC_STAT, argument) == 0 && state.sem_otime > 1000000000);
	state.sem_perm.mode = 0600;
	CHECK(semctl(id, 0, IPC_SET, argument) == 0 && semctl(id, 0, IPC_STAT, argument) == 0 && (state.sem_perm.mode & 0777) == 0600);
	CHECK(semctl(id, 0, IPC_RMID) == 0);
}

int main(void)
{
	open_files();
	status();
	events();
	semaphores();
	return check_status();
}
