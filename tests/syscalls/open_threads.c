// skip-cross: qemu 7.2 has no openat2
// flags: -pthread
/* Every way of opening a file in a process with several threads. */
#include "../libc/check.h"
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static sem_t end;

static void *idle(void *unused)
{
	sem_wait(&end);
	return unused;
}

static void *write_to_fifo(void *unused)
{
	int fd = open("fifo-link", O_WRONLY);
	CHECK(fd >= 0 && write(fd, "through", 7) == 7);
	close(fd);
	return unused;
}

static int holds(int fd, const char *expected)
{
	char text[32] = "";
	ssize_t n = read(fd, text, sizeof text - 1);
	int same = n == (ssize_t)strlen(expected) && strcmp(text, expected) == 0;
	if (!same)
		printf("read %zd: %s\n", n, text);
	close(fd);
	return same;
}

static void plain(void)
{
	int fd = open("file", O_CREAT | O_RDWR | O_EXCL, 0640);
	struct stat status;
	CHECK(fd >= 0 && write(fd, "text", 4) == 4 && fstat(fd, &status) == 0 && (status.st_mode & 07777) == 0640);
	close(fd);
	CHECK(holds(open("file", O_RDONLY), "text"));
	CHECK_ERRNO(open("file", O_CREAT | O_EXCL | O_RDWR, 0600), EEXIST);
	CHECK_ERRNO(open("absent", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("file/x", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open("file", O_DIRECTORY), ENOTDIR);
	CHECK_ERRNO(open(".", O_RDWR), EISDIR);
	CHECK_ERRNO(openat(-1, "file", O_RDONLY), EBADF);
	CHECK_ERRNO(open("", O_RDONLY), ENOENT);
	CHECK_ERRNO(open((char *)16, O_RDONLY), EFAULT);
	/* One may write to what one makes, whatever others may do. */
	fd = open("closed", O_CREAT | O_WRONLY, 0);
	CHECK(fd >= 0 && write(fd, "x", 1) == 1);
	close(fd);
	fd = open(".", O_TMPFILE | O_RDWR, 0600);
	CHECK(fd >= 0 || errno == EOPNOTSUPP);
	close(fd);
}

static void links(void)
{
	struct stat status;
	char target[32] = "";
	CHECK(symlink("file", "link") == 0 && symlink("made", "dangling") == 0 && symlink("loop", "loop") == 0);
	CHECK(symlink(".", "here") == 0);
	CHECK(holds(open("link", O_RDONLY), "text"));
	CHECK(holds(open("here/link", O_RDONLY | O_CREAT, 0600), "text"));
	CHECK_ERRNO(open("link", O_RDONLY | O_NOFOLLOW), ELOOP);
	CHECK_ERRNO(open("loop", O_RDONLY), ELOOP);
	CHECK_ERRNO(open("dangling", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("dangling", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
	int fd = open("dangling", O_RDWR | O_CREAT, 0604);
	CHECK(fd >= 0 && fstat(fd, &status) == 0 && (status.st_mode & 07777) == 0604);
	CHECK(write(fd, "new", 3) == 3 && lseek(fd, 0, SEEK_SET) == 0 && holds(fd, "new"));
	CHECK(stat("made", &status) == 0 && status.st_size == 3);
	fd = open("dangling", O_WRONLY | O_TRUNC | O_APPEND);
	CHECK(fd >= 0 && fstat(fd, &status) == 0 && status.st_size == 0);
	CHECK((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND)) == (O_WRONLY | O_APPEND) && fcntl(fd, F_GETFD) == 0);
	close(fd);
	fd = open("link", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	CHECK(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC && fstat(fd, &status) == 0 && S_ISLNK(status.st_mode));
	CHECK(readlinkat(fd, "", target, sizeof target) == 4 && strcmp(target, "file") == 0);
	close(fd);
	fd = open("link", O_PATH);
	CHECK(fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode));
	close(fd);
}

static void beneath(void)
{
	unsigned long long how[4] = {O_RDONLY, 0, 0, 0};
	int folder = open("here", O_PATH);
	CHECK(folder >= 0);
	CHECK(holds(syscall(SYS_openat2, folder, "link", how, 24), "text"));
	CHECK(holds(syscall(SYS_openat2, folder, "link", how, 32), "text"));
	how[2] = 4; /* RESOLVE_NO_SYMLINKS */
	CHECK_ERRNO(syscall(SYS_openat2, folder, "link", how, 24), ELOOP);
	how[2] = 8; /* RESOLVE_BENEATH */
	CHECK(holds(syscall(SYS_openat2, folder, "link", how, 24), "text"));
	CHECK_ERRNO(syscall(SYS_openat2, folder, "../x", how, 24), EXDEV);
	CHECK_ERRNO(syscall(SYS_openat2, folder, "link", how, 23), EINVAL);
	CHECK_ERRNO(syscall(SYS_openat2, folder, "link", how, 5000), E2BIG);
	how[3] = 1;
	CHECK_ERRNO(syscall(SYS_openat2, folder, "link", how, 32), E2BIG);
	how[2] = 0, how[0] = 1ULL << 40;
	CHECK_ERRNO(syscall(SYS_openat2, folder, "link", how, 24), EINVAL);
	CHECK_ERRNO(syscall(SYS_openat2, folder, "link", 16, 24), EFAULT);
	close(folder);
}

static void special(void)
{
	char path[40], name[20] = "", *text = name;
	pthread_t writer;
	CHECK(mkfifo("fifo", 0600) == 0 && symlink("fifo", "fifo-link") == 0);
	CHECK(pthread_create(&writer, NULL, write_to_fifo, NULL) == 0);
	CHECK(holds(open("fifo-link", O_RDONLY), "through"));
	pthread_join(writer, NULL);
	CHECK_ERRNO(open("fifo-link", O_WRONLY | O_NONBLOCK), ENXIO);
	int fd = open("file", O_RDONLY);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	CHECK(holds(open(path, O_RDONLY), "text"));
	close(fd);
	CHECK_ERRNO(open(path, O_RDONLY), ENOENT);
	fd = open("/proc/thread-self/comm", O_RDONLY);
	CHECK(fd >= 0 && read(fd, name, sizeof name - 1) > 0);
	close(fd);
	fd = open("/proc/self/comm", O_RDONLY);
	char other[20] = "";
	CHECK(fd >= 0 && read(fd, other, sizeof other - 1) > 0 && strcmp(text, other) == 0);
	close(fd);
	fd = open("/dev/null", O_RDWR);
	CHECK(fd >= 0 && write(fd, "x", 1) == 1);
	close(fd);
}

int main(void)
{
	pthread_t thread;
	umask(0);
	sem_init(&end, 0, 0);
	CHECK(pthread_create(&thread, NULL, idle, NULL) == 0);
	plain();
	links();
	beneath();
	special();
	sem_post(&end);
	pthread_join(thread, NULL);
	return check_status();
}
