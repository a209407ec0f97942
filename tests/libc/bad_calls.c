// skip-cross: qemu 7.2 accepts unknown advice and looks at no descriptor without vectors
/* Calls that must fail: closed descriptors, wrong kinds of files, addresses that are not mapped. */
#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* In the first page, which is never mapped. */
static void *volatile nowhere = (void *)16;

static void closed(void)
{
	char buffer[8];
	struct stat status;
	CHECK_ERRNO(read(-1, buffer, 1), EBADF);
	CHECK_ERRNO(write(4000, buffer, 1), EBADF);
	CHECK_ERRNO(close(-1), EBADF);
	CHECK_ERRNO(fsync(-1), EBADF);
	CHECK_ERRNO(ftruncate(4000, 0), EBADF);
	CHECK_ERRNO(fchmod(-1, 0), EBADF);
	CHECK_ERRNO(fchown(-1, 0, 0), EBADF);
	CHECK_ERRNO(fchdir(-1), EBADF);
	CHECK_ERRNO(fcntl(-1, F_GETFD), EBADF);
	CHECK_ERRNO(flock(-1, LOCK_SH), EBADF);
	CHECK_ERRNO(ioctl(-1, FIONREAD, buffer), EBADF);
	CHECK_ERRNO(fstat(4000, &status), EBADF);
	CHECK_ERRNO(readv(-1, NULL, 0), EBADF);
	CHECK_ERRNO(accept(-1, NULL, NULL), EBADF);
	CHECK_ERRNO(send(-1, "", 0, 0), EBADF);
	CHECK_ERRNO(epoll_wait(-1, (struct epoll_event[1]){0}, 1, 0), EBADF);
	CHECK_ERRNO(futimens(-1, NULL), EBADF);
	CHECK(fdopendir(-1) == NULL && errno == EBADF);
}

static void wrong_kind(void)
{
	int ends[2], directory = open(".", O_RDONLY), file = open("kind", O_CREAT | O_RDWR, 0600);
	char buffer[8];
	CHECK(pipe(ends) == 0);
	CHECK_ERRNO(lseek(ends[0], 0, SEEK_CUR), ESPIPE);
	CHECK_ERRNO(pread(ends[0], buffer, 1, 0), ESPIPE);
	CHECK_ERRNO(write(ends[0], "x", 1), EBADF);
	CHECK_ERRNO(read(directory, buffer, 1), EISDIR);
	CHECK_ERRNO(ftruncate(directory, 0), EINVAL);
	CHECK_ERRNO(ftruncate(ends[0], 0), EINVAL);
	CHECK_ERRNO(fsync(ends[0]), EINVAL);
	CHECK_ERRNO(fchdir(file), ENOTDIR);
	CHECK_ERRNO(listen(file, 1), ENOTSOCK);
	CHECK_ERRNO(send(file, "", 0, 0), ENOTSOCK);
	CHECK_ERRNO(shutdown(ends[0], SHUT_RD), ENOTSOCK);
	CHECK_ERRNO(ioctl(file, TIOCGWINSZ, buffer), ENOTTY);
	CHECK_ERRNO(ioctl(file, 0xdeadbeef, buffer), ENOTTY);
	CHECK_ERRNO(fcntl(file, 9999), EINVAL);
	CHECK_ERRNO(fcntl(file, F_DUPFD, -1), EINVAL);
	CHECK(fdopendir(file) == NULL && errno == ENOTDIR);
	CHECK_ERRNO(openat(file, "x", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(truncate(".", 0), EISDIR);
	CHECK_ERRNO(rmdir("kind"), ENOTDIR);
	CHECK_ERRNO(rmdir("/"), EBUSY);
	CHECK_ERRNO(rmdir("."), EINVAL);
	CHECK_ERRNO(mkdir("/proc/new", 0700), ENOENT);
	CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, ends[0], 0) == MAP_FAILED && errno == ENODEV);
	close(ends[0]);
	close(ends[1]);
	close(directory);
	close(file);
	unlink("kind");
}

static void bad_addresses(void)
{
	int ends[2], pair[2], file = open("addresses", O_CREAT | O_RDWR, 0600);
	CHECK(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && write(ends[1], "data", 4) == 4);
	CHECK(write(pair[1], "data", 4) == 4 && write(file, "data", 4) == 4);
	CHECK_ERRNO(read(ends[0], nowhere, 4), EFAULT);
	CHECK_ERRNO(write(ends[1], nowhere, 4), EFAULT);
	CHECK_ERRNO(recv(pair[0], nowhere, 4, 0), EFAULT);
	CHECK_ERRNO(send(pair[0], nowhere, 4, 0), EFAULT);
	CHECK_ERRNO(recvmsg(pair[0], nowhere, 0), EFAULT);
	CHECK_ERRNO(sendmsg(pair[0], nowhere, 0), EFAULT);
	CHECK_ERRNO(getsockname(pair[0], nowhere, nowhere), EFAULT);
	CHECK_ERRNO(setsockopt(pair[0], SOL_SOCKET, SO_REUSEADDR, nowhere, 4), EFAULT);
	CHECK_ERRNO(mkdir(nowhere, 0700), EFAULT);
	CHECK_ERRNO(unlink(nowhere), EFAULT);
	CHECK_ERRNO(rename("addresses", nowhere), EFAULT);
	CHECK_ERRNO(chdir(nowhere), EFAULT);
	CHECK_ERRNO(readlink("/proc/self/exe", nowhere, 100), EFAULT);
	CHECK_ERRNO(getitimer(ITIMER_REAL, nowhere), EFAULT);
	CHECK_ERRNO(setitimer(ITIMER_REAL, nowhere, NULL), EFAULT);
	CHECK_ERRNO(getrlimit(RLIMIT_CORE, nowhere), EFAULT);
	CHECK_ERRNO(getrusage(RUSAGE_SELF, nowhere), EFAULT);
	CHECK_ERRNO(sched_getaffinity(0, sizeof(cpu_set_t), nowhere), EFAULT);
	CHECK_ERRNO(execve(nowhere, (char *[]){NULL}, (char *[]){NULL}), EFAULT);
	CHECK_ERRNO(execve("/bin/true", nowhere, NULL), EFAULT);
	CHECK_ERRNO(ioctl(ends[0], FIONREAD, nowhere), EFAULT);
	CHECK_ERRNO(fcntl(file, F_GETLK, nowhere), EFAULT);
	CHECK_ERRNO(statx(AT_FDCWD, nowhere, 0, STATX_SIZE, nowhere), EFAULT);
	CHECK_ERRNO(getcwd(nowhere, 100) == NULL ? -1 : 0, EFAULT);
	/* At the end of a mapping: what fits is transferred, and the rest is the next call's failure. */
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(page + 4096, 4096);
	memset(page, 'p', 4096);
	CHECK_ERRNO(write(ends[1], page + 4094, 4), EFAULT);
	CHECK(pread(file, page + 4094, 4, 0) == -1 || pread(file, page + 4094, 4, 0) == 2);
	strcpy(page + 4096 - 7, "absent");
	CHECK_ERRNO(access(page + 4096 - 7, F_OK), ENOENT);
	memset(page, 'n', 4096);
	CHECK_ERRNO(access(page + 4090, F_OK), EFAULT);
	close(file);
	unlink("addresses");
}

static void bad_values(void)
{
	CHECK_ERRNO(nanosleep(&(struct timespec){0, -1}, NULL), EINVAL);
	CHECK_ERRNO(setpriority(99, 0, 0), EINVAL);
	CHECK_ERRNO(getpriority(PRIO_PROCESS, 0x7ffffff0), ESRCH);
	CHECK_ERRNO(waitpid(-0x7fffffff, NULL, 0), ECHILD);
	CHECK_ERRNO(waitid(99, 0, NULL, WEXITED), EINVAL);
	CHECK_ERRNO(madvise(NULL, 0, 12345), EINVAL);
	CHECK_ERRNO(socket(AF_INET, 77, 0), EINVAL);
	CHECK_ERRNO(kill(1, 65), EINVAL);
	CHECK_ERRNO(sched_setaffinity(0, 0, (cpu_set_t[1]){0}), EINVAL);
	CHECK_ERRNO(setrlimit(RLIMIT_NOFILE, &(struct rlimit){20, 10}), EINVAL);
	CHECK_ERRNO(getgroups(-1, NULL), EINVAL);
	CHECK_ERRNO(mknod("x", 0xf000, 0), EINVAL);
	CHECK_ERRNO(faccessat(AT_FDCWD, ".", 0777, 0), EINVAL);
	CHECK_ERRNO(linkat(AT_FDCWD, ".", AT_FDCWD, "x", 0x12345), EINVAL);
	CHECK_ERRNO(unlinkat(AT_FDCWD, "x", 0x12345), EINVAL);
}

int main(void)
{
	umask(022);
	closed();
	wrong_kind();
	bad_addresses();
	bad_values();
	return check_status();
}
