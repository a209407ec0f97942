/* What stat tells and what changes it: types, modes, sizes, links, owners, times, access, umask. */
#include "check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utime.h>

static struct stat s;

static void fields(void)
{
	umask(022);
	int fd = open("file", O_CREAT | O_WRONLY, 0666);
	CHECK(write(fd, "0123456789", 10) == 10 && fstat(fd, &s) == 0);
	CHECK(S_ISREG(s.st_mode) && (s.st_mode & 07777) == 0644 && s.st_size == 10 && s.st_nlink == 1);
	CHECK(s.st_uid == geteuid() && s.st_blksize >= 512 && s.st_blocks >= 0 && s.st_ino > 0);
	CHECK(s.st_mtim.tv_sec > 1700000000 && s.st_mtim.tv_nsec < 1000000000);
	close(fd);
	ino_t inode = s.st_ino;
	dev_t device = s.st_dev;
	CHECK(link("file", "hard") == 0 && stat("hard", &s) == 0 && s.st_nlink == 2 && s.st_ino == inode && s.st_dev == device);
	CHECK(symlink("file", "soft") == 0 && lstat("soft", &s) == 0 && S_ISLNK(s.st_mode) && s.st_size == 4);
	CHECK(stat("soft", &s) == 0 && s.st_ino == inode);
	CHECK(mkdir("dir", 0700) == 0 && stat("dir", &s) == 0 && S_ISDIR(s.st_mode) && (s.st_mode & 0777) == 0700);
	CHECK(mkfifo("fifo", 0600) == 0 && stat("fifo", &s) == 0 && S_ISFIFO(s.st_mode));
	CHECK(stat("/dev/null", &s) == 0 && S_ISCHR(s.st_mode) && major(s.st_rdev) == 1 && minor(s.st_rdev) == 3);
	CHECK(fstatat(AT_FDCWD, "soft", &s, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(s.st_mode));
	CHECK_ERRNO(fstatat(AT_FDCWD, "soft", &s, 0x40000000), EINVAL);
	CHECK_ERRNO(stat("absent", &s), ENOENT);
	CHECK_ERRNO(stat("file", (void *)16), EFAULT);
	CHECK_ERRNO(fstat(-1, &s), EBADF);
}

static void modes(void)
{
	CHECK(chmod("file", 0) == 0 && stat("file", &s) == 0 && (s.st_mode & 07777) == 0);
	CHECK(access("file", F_OK) == 0 && access("dir", R_OK | W_OK | X_OK) == 0);
	CHECK_ERRNO(access("file", X_OK), EACCES);
	CHECK_ERRNO(access("absent", F_OK), ENOENT);
	CHECK_ERRNO(access("file", 99), EINVAL);
	CHECK(chmod("file", 04755) == 0 && stat("file", &s) == 0 && (s.st_mode & 07777) == 04755);
	int fd = open("file", O_RDONLY);
	CHECK(fchmod(fd, 0600) == 0 && fstat(fd, &s) == 0 && (s.st_mode & 0777) == 0600);
	CHECK(fchmodat(AT_FDCWD, "file", 0640, 0) == 0 && faccessat(AT_FDCWD, "file", R_OK, AT_EACCESS) == 0);
	close(fd);
	CHECK(chown("file", geteuid(), getegid()) == 0 && lchown("soft", (uid_t)-1, (gid_t)-1) == 0);
	mode_t before = umask(077);
	CHECK(before == 022 && umask(022) == 077);
}

static void times(void)
{
	struct timespec set[2] = {{1000000000, 123456789}, {2000000000, 987654321}};
	CHECK(utimensat(AT_FDCWD, "file", set, 0) == 0 && stat("file", &s) == 0);
	CHECK(s.st_atim.tv_sec == 1000000000 && s.st_mtim.tv_sec == 2000000000);
	CHECK(s.st_atim.tv_nsec == 123456789 && s.st_mtim.tv_nsec == 987654321);
	set[0].tv_nsec = UTIME_OMIT;
	set[1].tv_nsec = UTIME_NOW;
	CHECK(utimensat(AT_FDCWD, "file", set, 0) == 0 && stat("file", &s) == 0);
	CHECK(s.st_atim.tv_sec == 1000000000 && s.st_mtim.tv_sec != 2000000000 && s.st_mtim.tv_sec > 1700000000);
	set[0] = (struct timespec){5, 0};
	set[1] = (struct timespec){6, 0};
	CHECK(utimensat(AT_FDCWD, "soft", set, AT_SYMLINK_NOFOLLOW) == 0 && lstat("soft", &s) == 0 && s.st_mtim.tv_sec == 6);
	CHECK(stat("file", &s) == 0 && s.st_mtim.tv_sec > 1700000000);
	set[0].tv_nsec = 2000000000;
	CHECK_ERRNO(utimensat(AT_FDCWD, "file", set, 0), EINVAL);
	int fd = open("file", O_RDONLY);
	set[0].tv_nsec = 0;
	CHECK(futimens(fd, set) == 0 && fstat(fd, &s) == 0 && s.st_atim.tv_sec == 5);
	close(fd);
	struct timeval old[2] = {{7, 500000}, {-8, 0}};
	CHECK(utimes("file", old) == 0 && stat("file", &s) == 0 && s.st_atim.tv_sec == 7 && s.st_atim.tv_nsec == 500000000);
	CHECK(s.st_mtim.tv_sec == -8);
	CHECK(utime("file", &(struct utimbuf){9, 10}) == 0 && stat("file", &s) == 0 && s.st_mtim.tv_sec == 10);
}

static void extended(void)
{
	struct statx x;
	CHECK(statx(AT_FDCWD, "file", 0, STATX_BASIC_STATS, &x) == 0 && (x.stx_mask & STATX_SIZE) && x.stx_size == 10);
	CHECK(S_ISREG(x.stx_mode) && x.stx_nlink == 2 && x.stx_mtime.tv_sec == 10);
	CHECK_ERRNO(statx(AT_FDCWD, "absent", 0, STATX_BASIC_STATS, &x), ENOENT);
	CHECK_ERRNO(statx(AT_FDCWD, "", 0, STATX_BASIC_STATS, &x), ENOENT);
	CHECK(statx(0, "", AT_EMPTY_PATH, STATX_TYPE, &x) == 0);
	struct statfs fs;
	struct statvfs vfs;
	CHECK(statfs(".", &fs) == 0 && fs.f_bsize > 0 && fs.f_blocks > 0 && fs.f_namelen >= 255);
	CHECK(statvfs(".", &vfs) == 0 && vfs.f_frsize > 0 && vfs.f_blocks == fs.f_blocks && vfs.f_namemax >= 255);
	CHECK(statfs("/proc", &fs) == 0 && fs.f_type == 0x9fa0);
	CHECK_ERRNO(statfs("absent", &fs), ENOENT);
	CHECK(pathconf(".", _PC_NAME_MAX) == 255 && pathconf(".", _PC_PIPE_BUF) == 4096);
}

int main(void)
{
	fields();
	modes();
	times();
	extended();
	unlink("hard");
	unlink("soft");
	unlink("fifo");
	rmdir("dir");
	CHECK(unlink("file") == 0);
	return check_status();
}
