// skip-cross: qemu 7.2 has no openat2
// calls: open openat openat2 close read write readv writev lseek stat fstat lstat newfstatat statx access
// calls: faccessat dup dup2 dup3 pipe pipe2 fcntl flock getcwd chdir fchdir rename renameat renameat2 mkdir
// calls: mkdirat rmdir link linkat symlink symlinkat readlink readlinkat unlink unlinkat chmod fchmod
// calls: fchmodat chown fchown lchown umask mknod getdents64 ioctl
/* Files by name and by descriptor: what every call answers, with its errors. */
#include "calls.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>

static char text[256];

static void opening(void)
{
	int fd = syscall(SYS_open, "file", O_CREAT | O_RDWR | O_EXCL, 0640);
	SHOW(fd >= 0);
	SHOW(syscall(SYS_open, "file", O_CREAT | O_RDWR | O_EXCL, 0640));
	SHOW(syscall(SYS_open, "missing", O_RDONLY));
	SHOW(syscall(SYS_open, "file/below", O_RDONLY));
	SHOW(syscall(SYS_open, ".", O_WRONLY));
	SHOW(syscall(SYS_open, "", O_RDONLY));
	SHOW(syscall(SYS_open, nowhere, O_RDONLY));
	SHOW(syscall(SYS_open, "file", O_DIRECTORY));
	memset(text, 'a', sizeof text);
	SHOW(syscall(SYS_write, fd, "0123456789", 10L));
	SHOW(syscall(SYS_write, fd, nowhere, 10L));
	SHOW(syscall(SYS_write, -1, "x", 1L));
	SHOW(syscall(SYS_write, fd, "x", 0L));
	SHOW(syscall(SYS_lseek, fd, 2LL, SEEK_SET));
	SHOW(syscall(SYS_read, fd, text, 4L));
	printf("%.4s\n", text);
	SHOW(syscall(SYS_read, fd, nowhere, 4L));
	SHOW(syscall(SYS_read, fd, text, 100L));
	SHOW(syscall(SYS_read, fd, text, 100L));
	SHOW(syscall(SYS_read, -1, text, 1L));
	SHOW(syscall(SYS_lseek, fd, 0LL, SEEK_CUR));
	SHOW(syscall(SYS_lseek, fd, -3LL, SEEK_END));
	SHOW(syscall(SYS_lseek, fd, -30LL, SEEK_END));
	SHOW(syscall(SYS_lseek, fd, 0LL, 99));
	SHOW(syscall(SYS_lseek, fd, 1LL << 40, SEEK_SET) == 1LL << 40);
	SHOW(syscall(SYS_lseek, -1, 0LL, SEEK_SET));
	SHOW(syscall(SYS_lseek, fd, 0LL, SEEK_SET));
	struct iovec vectors[2] = {{text, 3}, {text + 10, 4}};
	SHOW(syscall(SYS_readv, fd, vectors, 2L));
	SHOW(syscall(SYS_writev, fd, vectors, 2L));
	SHOW(syscall(SYS_readv, fd, nowhere, 2L));
	SHOW(syscall(SYS_writev, fd, vectors, 2000L));
	int other = syscall(SYS_openat, AT_FDCWD, "file", O_RDONLY | O_CLOEXEC, 0);
	SHOW(other >= 0);
	SHOW(syscall(SYS_openat, -1, "file", O_RDONLY, 0));
	SHOW(syscall(SYS_openat, fd, "file", O_RDONLY, 0));
	uint64_t how[3] = {O_RDONLY, 0, 8};
	SHOW(syscall(SYS_openat2, AT_FDCWD, "file", how, 24L) >= 0);
	SHOW(syscall(SYS_openat2, AT_FDCWD, "../file", how, 24L));
	how[2] = 1 << 20;
	SHOW(syscall(SYS_openat2, AT_FDCWD, "file", how, 24L));
	SHOW(syscall(SYS_openat2, AT_FDCWD, "file", how, 8L));
	SHOW(syscall(SYS_openat2, AT_FDCWD, "file", nowhere, 24L));
	SHOW(syscall(SYS_close, other));
	SHOW(syscall(SYS_close, other));
	SHOW(syscall(SYS_close, fd));
}

static void descriptors(void)
{
	int ends[2], fd = open("file", O_RDWR);
	SHOW(syscall(SYS_pipe, ends));
	close(ends[0]);
	close(ends[1]);
	SHOW(syscall(SYS_pipe, nowhere));
	SHOW(syscall(SYS_pipe2, ends, 99));
	SHOW(syscall(SYS_pipe2, ends, O_NONBLOCK | O_CLOEXEC));
	SHOW(read(ends[0], text, 1));
	SHOW(syscall(SYS_fcntl, ends[0], F_GETFD, 0L));
	SHOW(syscall(SYS_fcntl, fd, F_GETFL, 0L) & O_ACCMODE);
	SHOW(syscall(SYS_fcntl, fd, 9999, 0L));
	SHOW(syscall(SYS_fcntl, -1, F_GETFD, 0L));
	SHOW(syscall(SYS_dup, fd) > fd);
	SHOW(syscall(SYS_dup, -1));
	SHOW(syscall(SYS_dup2, fd, 50));
	SHOW(syscall(SYS_dup2, fd, fd) == fd);
	SHOW(syscall(SYS_dup2, -1, 50));
	SHOW(syscall(SYS_dup2, fd, -1));
	SHOW(syscall(SYS_dup3, fd, 51, O_CLOEXEC));
	SHOW(fcntl(51, F_GETFD));
	SHOW(syscall(SYS_dup3, fd, fd, 0));
	SHOW(syscall(SYS_dup3, fd, 51, 99));
	SHOW(syscall(SYS_flock, fd, LOCK_EX));
	int again = open("file", O_RDWR);
	SHOW(syscall(SYS_flock, again, LOCK_EX | LOCK_NB));
	SHOW(syscall(SYS_flock, fd, 99));
	SHOW(syscall(SYS_flock, -1, LOCK_EX));
	int waiting = -1;
	SHOW(syscall(SYS_ioctl, ends[0], FIONREAD, &waiting));
	CHECK(waiting == 0);
	SHOW(syscall(SYS_ioctl, fd, 0x5401, text));
	SHOW(syscall(SYS_ioctl, -1, FIONREAD, &waiting));
	SHOW(syscall(SYS_ioctl, ends[0], FIONREAD, nowhere));
	CHECK(close(again) == 0 && close(fd) == 0);
}

static void show_status(const struct stat *status)
{
	printf("mode %o, links %d, size %lld\n", status->st_mode, (int)status->st_nlink, (long long)status->st_size);
}

static void statuses(void)
{
	struct stat status;
	SHOW(syscall(SYS_symlink, "file", "link"));
	SHOW(syscall(SYS_stat, "link", &status));
	show_status(&status);
	SHOW(syscall(SYS_lstat, "link", &status));
	show_status(&status);
	int fd = open("file", O_RDONLY);
	SHOW(syscall(SYS_fstat, fd, &status));
	show_status(&status);
	SHOW(syscall(SYS_newfstatat, fd, "", &status, AT_EMPTY_PATH));
	show_status(&status);
	SHOW(syscall(SYS_newfstatat, AT_FDCWD, "link", &status, AT_SYMLINK_NOFOLLOW));
	show_status(&status);
	SHOW(syscall(SYS_stat, "missing", &status));
	SHOW(syscall(SYS_stat, nowhere, &status));
	SHOW(syscall(SYS_stat, "file", nowhere));
	SHOW(syscall(SYS_lstat, "file/below", &status));
	SHOW(syscall(SYS_fstat, -1, &status));
	SHOW(syscall(SYS_fstat, fd, nowhere));
	SHOW(syscall(SYS_newfstatat, AT_FDCWD, "file", &status, 99));
	SHOW(syscall(SYS_newfstatat, -1, "file", &status, 0));
	uint32_t extended[64] = {0};
	SHOW(syscall(SYS_statx, AT_FDCWD, "file", 0, 0x7ff, extended));
	printf("mode %o\n", extended[7] & 0xffff);
	SHOW(syscall(SYS_statx, AT_FDCWD, "missing", 0, 0x7ff, extended));
	SHOW(syscall(SYS_statx, AT_FDCWD, "file", 99, 0x7ff, extended));
	SHOW(syscall(SYS_statx, AT_FDCWD, "file", 0, 1U << 31, extended));
	SHOW(syscall(SYS_statx, AT_FDCWD, "file", 0, 0x7ff, nowhere));
	SHOW(syscall(SYS_access, "file", R_OK));
	SHOW(syscall(SYS_access, "missing", F_OK));
	SHOW(syscall(SYS_access, "file", 99));
	SHOW(syscall(SYS_access, nowhere, F_OK));
	SHOW(syscall(SYS_faccessat, AT_FDCWD, "file", F_OK));
	SHOW(syscall(SYS_faccessat, -1, "file", F_OK));
	close(fd);
}

static void folders(void)
{
	SHOW(syscall(SYS_mkdir, "folder", 0755));
	SHOW(syscall(SYS_mkdir, "folder", 0755));
	SHOW(syscall(SYS_mkdir, "missing/folder", 0755));
	SHOW(syscall(SYS_mkdir, nowhere, 0755));
	SHOW(syscall(SYS_mkdirat, AT_FDCWD, "folder/inner", 0700));
	SHOW(syscall(SYS_mkdirat, -1, "inner", 0700));
	SHOW(syscall(SYS_rmdir, "folder"));
	SHOW(syscall(SYS_rmdir, "file"));
	SHOW(syscall(SYS_rmdir, "missing"));
	SHOW(syscall(SYS_rmdir, "."));
	int here = open(".", O_RDONLY);
	SHOW(syscall(SYS_chdir, "folder"));
	SHOW(syscall(SYS_getcwd, text, 1L));
	SHOW(syscall(SYS_getcwd, nowhere, 4096L));
	CHECK(syscall(SYS_getcwd, text, 256L) > 0 && strcmp(strrchr(text, '/'), "/folder") == 0);
	SHOW(syscall(SYS_fchdir, here));
	SHOW(syscall(SYS_fchdir, -1));
	SHOW(syscall(SYS_chdir, "file"));
	SHOW(syscall(SYS_chdir, nowhere));
	CHECK(syscall(SYS_getdents64, here, text, 256L) > 0);
	SHOW(syscall(SYS_getdents64, here, text, 1L));
	SHOW(syscall(SYS_getdents64, -1, text, 256L));
	close(here);
}

static void names(void)
{
	SHOW(syscall(SYS_link, "file", "second"));
	SHOW(syscall(SYS_link, "file", "second"));
	SHOW(syscall(SYS_link, "folder", "third"));
	SHOW(syscall(SYS_linkat, AT_FDCWD, "link", AT_FDCWD, "fourth", AT_SYMLINK_FOLLOW));
	SHOW(syscall(SYS_linkat, AT_FDCWD, "file", AT_FDCWD, "fifth", 99));
	SHOW(syscall(SYS_symlinkat, "nothing", AT_FDCWD, "dangling"));
	SHOW(syscall(SYS_symlinkat, "", AT_FDCWD, "empty"));
	SHOW(syscall(SYS_symlink, "x", "file"));
	SHOW(syscall(SYS_readlink, "link", text, 256L));
	SHOW(syscall(SYS_readlink, "link", text, 2L));
	SHOW(syscall(SYS_readlink, "file", text, 256L));
	SHOW(syscall(SYS_readlink, "link", nowhere, 256L));
	SHOW(syscall(SYS_readlink, "link", text, 0L));
	SHOW(syscall(SYS_readlinkat, AT_FDCWD, "dangling", text, 256L));
	printf("%.7s\n", text);
	SHOW(syscall(SYS_readlinkat, -1, "dangling", text, 256L));
	SHOW(syscall(SYS_rename, "second", "renamed"));
	SHOW(syscall(SYS_rename, "missing", "renamed"));
	SHOW(syscall(SYS_rename, "folder", "file"));
	SHOW(syscall(SYS_renameat, AT_FDCWD, "renamed", AT_FDCWD, "second"));
	SHOW(syscall(SYS_renameat, -1, "renamed", AT_FDCWD, "second"));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "second", AT_FDCWD, "file", 1));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "second", AT_FDCWD, "folder", 2));
	SHOW(syscall(SYS_renameat2, AT_FDCWD, "second", AT_FDCWD, "folder", 99));
	SHOW(syscall(SYS_unlink, "folder"));
	SHOW(syscall(SYS_unlink, "folder"));
	SHOW(syscall(SYS_unlink, "second"));
	SHOW(syscall(SYS_unlink, nowhere));
	SHOW(syscall(SYS_unlinkat, AT_FDCWD, "dangling", 0));
	SHOW(syscall(SYS_unlinkat, AT_FDCWD, "missing", AT_REMOVEDIR));
	SHOW(syscall(SYS_unlinkat, AT_FDCWD, "file", 99));
}

static void rights(void)
{
	struct stat status;
	int fd = open("file", O_RDONLY);
	SHOW(syscall(SYS_umask, 027));
	SHOW(syscall(SYS_umask, 0));
	SHOW(syscall(SYS_chmod, "file", 0604));
	SHOW(syscall(SYS_fchmod, fd, 0640));
	SHOW(syscall(SYS_fchmodat, AT_FDCWD, "file", 0641));
	CHECK(stat("file", &status) == 0 && (status.st_mode & 07777) == 0641);
	SHOW(syscall(SYS_chmod, "missing", 0600));
	SHOW(syscall(SYS_chmod, nowhere, 0600));
	SHOW(syscall(SYS_fchmod, -1, 0600));
	SHOW(syscall(SYS_fchmodat, -1, "file", 0600));
	SHOW(syscall(SYS_chown, "file", -1, -1));
	SHOW(syscall(SYS_chown, "missing", -1, -1));
	SHOW(syscall(SYS_lchown, "link", getuid(), getgid()));
	SHOW(syscall(SYS_lchown, nowhere, -1, -1));
	SHOW(syscall(SYS_fchown, fd, -1, -1));
	SHOW(syscall(SYS_fchown, -1, -1, -1));
	SHOW(syscall(SYS_mknod, "fifo", S_IFIFO | 0600, 0));
	SHOW(syscall(SYS_mknod, "fifo", S_IFIFO | 0600, 0));
	SHOW(syscall(SYS_mknod, nowhere, S_IFIFO | 0600, 0));
	close(fd);
}

int main(void)
{
	umask(0);
	opening();
	descriptors();
	statuses();
	folders();
	names();
	rights();
	return check_status();
}
