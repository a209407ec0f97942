// calls: poll select dup2 alarm epoll_create futimesat utime utimes getdents ustat
// calls: stat lstat fstat newfstatat epoll_ctl epoll_wait semctl pipe2
/* Calls that newer instruction sets serve by others, and structures that they lay out differently: what a
 * program sees is the same everywhere. */
#include "calls.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <utime.h>

static volatile int n_signals;

static void on_signal(int signal)
{
	(void)signal;
	n_signals++;
}

static void descriptors(void)
{
	int ends[2];
	CHECK(syscall(SYS_pipe2, ends, O_DIRECT | O_CLOEXEC) == 0);
	CHECK(fcntl(ends[1], F_GETFL) == (O_WRONLY | O_DIRECT));
	SHOW(syscall(SYS_pipe2, ends, O_DIRECTORY));
	SHOW(syscall(SYS_dup2, ends[0], 20));
	SHOW(syscall(SYS_dup2, 20, 20));
	SHOW(syscall(SYS_dup2, 21, 21));
	SHOW(syscall(SYS_dup2, -1, 20));
	SHOW(syscall(SYS_dup2, 20, -1));
	CHECK(fcntl(20, F_GETFD) == 0 && fcntl(ends[0], F_GETFD) == FD_CLOEXEC && close(20) == 0);

	struct pollfd polled = {ends[0], POLLIN, 0};
	SHOW(syscall(SYS_poll, &polled, 1L, 0));
	SHOW(syscall(SYS_poll, &polled, 1L, 5));
	CHECK(write(ends[1], "x", 1) == 1);
	SHOW(syscall(SYS_poll, &polled, 1L, -1));
	CHECK(polled.revents == POLLIN);
	SHOW(syscall(SYS_poll, nowhere, 1L, 0));

	fd_set readers;
	FD_ZERO(&readers);
	FD_SET(ends[0], &readers);
	struct timeval limit = {0, 1500000};
	SHOW(syscall(SYS_select, ends[0] + 1, &readers, NULL, NULL, &limit));
	CHECK(FD_ISSET(ends[0], &readers) && limit.tv_sec <= 1 && limit.tv_usec < 1000000);
	limit = (struct timeval){0, 5000};
	SHOW(syscall(SYS_select, 0, NULL, NULL, NULL, &limit));
	CHECK(limit.tv_sec == 0 && limit.tv_usec == 0);
	limit = (struct timeval){0, -1};
	SHOW(syscall(SYS_select, 0, NULL, NULL, NULL, &limit));
	CHECK(limit.tv_usec == -1);
	SHOW(syscall(SYS_select, 0, NULL, NULL, NULL, nowhere));
	SHOW(syscall(SYS_select, -1, NULL, NULL, NULL, NULL));
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void alarms(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	CHECK(sigaction(SIGALRM, &action, NULL) == 0);
	SHOW(syscall(SYS_alarm, 100));
	SHOW(syscall(SYS_alarm, 0));
	SHOW(syscall(SYS_alarm, 1));
	SHOW(syscall(SYS_poll, NULL, 0L, -1));
	CHECK(n_signals == 1);
	SHOW(syscall(SYS_alarm, 1));
	SHOW(syscall(SYS_select, 0, NULL, NULL, NULL, NULL));
	CHECK(n_signals == 2);
}

static void events(void)
{
	int epoll = syscall(SYS_epoll_create, 7), ends[2][2];
	SHOW(syscall(SYS_epoll_create, 0));
	SHOW(syscall(SYS_epoll_create, -1));
	struct epoll_event event = {EPOLLIN, {.u64 = 0x0102030405060708}}, got[3];
	for (int i = 0; i < 2; i++, event.data.u64++) {
		CHECK(pipe(ends[i]) == 0 && write(ends[i][1], "x", 1) == 1);
		CHECK(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, ends[i][0], &event) == 0);
	}
	memset(got, 0xee, sizeof got);
	SHOW(syscall(SYS_epoll_wait, epoll, got, 3, -1));
	CHECK(got[0].data.u64 + got[1].data.u64 == 2 * 0x0102030405060708 + 1);
	CHECK(got[0].events == EPOLLIN && got[1].events == EPOLLIN && got[2].events == 0xeeeeeeee);
	SHOW(syscall(SYS_epoll_wait, epoll, got, 1, -1));
	SHOW(syscall(SYS_epoll_wait, epoll, got, 0, 0));
	SHOW(syscall(SYS_epoll_wait, epoll, nowhere, 1, 0));
	SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_MOD, ends[0][0], nowhere));
	SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_DEL, ends[0][0], nowhere));
	for (int i = 0; i < 2; i++)
		CHECK(close(ends[i][0]) == 0 && close(ends[i][1]) == 0);
	close(epoll);
}

static void times_of(const char *name, struct stat *status)
{
	CHECK(syscall(SYS_stat, name, status) == 0);
	printf("%lld.%09ld %lld.%09ld\n", (long long)status->st_atim.tv_sec, status->st_atim.tv_nsec,
	       (long long)status->st_mtim.tv_sec, status->st_mtim.tv_nsec);
}

static void times(void)
{
	const struct utimbuf seconds = {1000000000, -5};
	const struct timeval parts[2] = {{1234567890, 999999}, {7, 0}}, wrong[2] = {{0, 0}, {0, 1000000}};
	struct stat status, again;
	int fd = open("file", O_CREAT | O_WRONLY, 0640);
	CHECK(write(fd, "12345", 5) == 5 && symlink("file", "link") == 0);
	SHOW(syscall(SYS_utime, "file", &seconds));
	times_of("file", &status);
	CHECK((status.st_mode & (S_IFMT | 0600)) == (S_IFREG | 0600) && status.st_nlink == 1);
	CHECK(status.st_size == 5 && status.st_blksize >= 512 && status.st_uid == geteuid());
	CHECK(syscall(SYS_fstat, fd, &again) == 0 && memcmp(&status, &again, sizeof status) == 0);
	CHECK(syscall(SYS_newfstatat, fd, "", &again, AT_EMPTY_PATH) == 0);
	CHECK(status.st_ino == again.st_ino && status.st_dev == again.st_dev);
	CHECK(syscall(SYS_lstat, "link", &again) == 0 && S_ISLNK(again.st_mode) && again.st_size == 4);
	CHECK(syscall(SYS_stat, "/dev/null", &again) == 0 && again.st_rdev == makedev(1, 3));
	SHOW(syscall(SYS_stat, "file", nowhere));
	SHOW(syscall(SYS_stat, "missing", nowhere));
	SHOW(syscall(SYS_utimes, "link", parts));
	times_of("file", &status);
	SHOW(syscall(SYS_utimes, "file", wrong));
	SHOW(syscall(SYS_utimes, "missing", NULL));
	SHOW(syscall(SYS_utime, "file", nowhere));
	SHOW(syscall(SYS_futimesat, AT_FDCWD, "file", parts));
	SHOW(syscall(SYS_futimesat, fd, NULL, NULL));
	CHECK(stat("file", &status) == 0 && status.st_mtim.tv_sec > 1600000000);
	SHOW(syscall(SYS_futimesat, -1, "file", parts));
	close(fd);
}

static void entries(void)
{
	char buffer[1024], kinds[128] = {0};
	CHECK(mkdir("folder", 0755) == 0 && mkdir("folder/a", 0755) == 0);
	CHECK(close(open("folder/a-longer-name", O_CREAT | O_WRONLY, 0644)) == 0 && symlink("x", "folder/l") == 0);
	int fd = open("folder", O_RDONLY | O_DIRECTORY), n = 0;
	long length = syscall(SYS_getdents, fd, buffer, (unsigned)sizeof buffer);
	for (long at = 0; at < length; n++) {
		unsigned short size;
		memcpy(&size, buffer + at + 16, 2);
		const char *name = buffer + at + 18;
		kinds[strlen(name)] += buffer[at + size - 1];
		at += size;
	}
	printf("%d entries, kinds %d %d %d\n", n, kinds[1], kinds[2], kinds[13]);
	SHOW(syscall(SYS_getdents, fd, buffer, (unsigned)sizeof buffer));
	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	SHOW(syscall(SYS_getdents, fd, buffer, 8));
	SHOW(syscall(SYS_getdents, fd, nowhere, (unsigned)sizeof buffer));
	SHOW(syscall(SYS_getdents, -1, buffer, (unsigned)sizeof buffer));
	close(fd);
}

static void file_systems(void)
{
	struct {
		int n_blocks;
		unsigned long n_files;
		char names[12];
	} found;
	struct stat status;
	struct statfs state;
	CHECK(stat("/proc", &status) == 0 && statfs("/proc", &state) == 0);
	memset(&found, 0xee, sizeof found);
	SHOW(syscall(SYS_ustat, (unsigned)status.st_dev, &found));
	CHECK(found.n_blocks == (int)state.f_bfree && found.n_files == state.f_ffree && found.names[0] == 0);
	SHOW(syscall(SYS_ustat, 0xfffff, &found));
}

static void semaphores(void)
{
	int set = semget(IPC_PRIVATE, 3, 0600);
	struct semid_ds state;
	memset(&state, 0xee, sizeof state);
	CHECK(syscall(SYS_semctl, set, 0, IPC_STAT, &state) == 0);
	CHECK(state.sem_nsems == 3 && state.sem_otime == 0 && state.sem_ctime > 1600000000);
	state.sem_perm.mode = 0640;
	SHOW(syscall(SYS_semctl, set, 0, IPC_SET, &state));
	CHECK(syscall(SYS_semctl, set, 0, IPC_STAT, &state) == 0 && (state.sem_perm.mode & 0777) == 0640);
	SHOW(syscall(SYS_semctl, set, 0, IPC_STAT, nowhere));
	SHOW(syscall(SYS_semctl, set, 0, IPC_SET, nowhere));
	SHOW(syscall(SYS_semctl, set, 0, IPC_RMID, 0));
}

int main(void)
{
	descriptors();
	alarms();
	events();
	times();
	entries();
	file_systems();
	semaphores();
	return check_status();
}
