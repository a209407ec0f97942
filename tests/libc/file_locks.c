/* Advisory locks: fcntl, flock, lockf, open file descriptions, between processes. */
#include "check.h"
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static int in_child(int (*function)(void))
{
	fflush(stdout);
	pid_t child = fork();
	if (child == 0)
		_exit(function());
	int status;
	CHECK(waitpid(child, &status, 0) == child);
	return WEXITSTATUS(status);
}

static int finds_lock(void)
{
	int fd = open("locked", O_RDWR);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};
	CHECK(fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_WRLCK && lock.l_pid == getppid());
	CHECK(lock.l_start == 10 && lock.l_len == 5);
	lock = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 12, .l_len = 1};
	CHECK(fcntl(fd, F_SETLK, &lock) == -1 && (errno == EAGAIN || errno == EACCES));
	lock.l_start = 15;
	CHECK(fcntl(fd, F_SETLK, &lock) == 0);
	CHECK(lseek(fd, 11, SEEK_SET) == 11);
	CHECK_ERRNO(lockf(fd, F_TLOCK, 1), EAGAIN);
	return check_failures;
}

static int finds_flock(void)
{
	int fd = open("locked", O_RDWR);
	CHECK_ERRNO(flock(fd, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	CHECK(flock(fd, LOCK_SH | LOCK_NB) == 0);
	return check_failures;
}

static int waits_for_lock(void)
{
	int fd = open("locked", O_RDWR);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	CHECK(fcntl(fd, F_SETLKW, &lock) == 0);
	return check_failures;
}

int main(void)
{
	int fd = open("locked", O_CREAT | O_RDWR, 0600);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 5};
	CHECK(fcntl(fd, F_SETLK, &lock) == 0);
	CHECK(in_child(finds_lock) == 0);
	lock.l_type = F_UNLCK;
	CHECK(fcntl(fd, F_SETLK, &lock) == 0 && in_child(waits_for_lock) == 0);
	lock.l_type = 99;
	CHECK_ERRNO(fcntl(fd, F_SETLK, &lock), EINVAL);
	CHECK(flock(fd, LOCK_SH) == 0 && in_child(finds_flock) == 0 && flock(fd, LOCK_UN) == 0);
	CHECK_ERRNO(flock(fd, 77), EINVAL);
	int other = open("locked", O_RDWR);
	lock = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 3};
	CHECK(fcntl(fd, F_OFD_SETLK, &lock) == 0);
	CHECK(fcntl(other, F_OFD_SETLK, &lock) == -1 && (errno == EAGAIN || errno == EACCES));
	close(fd);
	CHECK(fcntl(other, F_OFD_SETLK, &lock) == 0);
	close(other);
	CHECK(unlink("locked") == 0);
	return check_status();
}
