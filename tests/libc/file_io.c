/* Descriptors: open flags, pread and pwrite, vectors, offsets, truncation, copying. */
#include "check.h"
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void open_flags(void)
{
	CHECK_ERRNO(open("absent", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("absent/deeper", O_CREAT | O_RDWR, 0600), ENOENT);
	int fd = open("file", O_CREAT | O_EXCL | O_RDWR, 0640);
	CHECK(fd >= 0 && write(fd, "hello", 5) == 5 && close(fd) == 0);
	CHECK_ERRNO(open("file", O_CREAT | O_EXCL | O_RDWR, 0640), EEXIST);
	CHECK_ERRNO(open("file", O_DIRECTORY), ENOTDIR);
	CHECK_ERRNO(open("file/x", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open(".", O_WRONLY), EISDIR);
	CHECK_ERRNO(open("", O_RDONLY), ENOENT);
	char long_name[PATH_MAX + 10];
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = 0;
	CHECK_ERRNO(open(long_name, O_RDONLY), ENAMETOOLONG);
	long_name[300] = 0;
	CHECK_ERRNO(open(long_name, O_RDONLY), ENAMETOOLONG);
	fd = open("file", O_WRONLY | O_APPEND);
	CHECK(lseek(fd, 0, SEEK_SET) == 0 && write(fd, "+", 1) == 1 && lseek(fd, 0, SEEK_CUR) == 6);
	CHECK_ERRNO(read(fd, long_name, 1), EBADF);
	close(fd);
	fd = open("file", O_RDONLY | O_CLOEXEC);
	CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	CHECK_ERRNO(write(fd, "x", 1), EBADF);
	CHECK((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
	close(fd);
	fd = open("file", O_RDWR | O_TRUNC);
	CHECK(lseek(fd, 0, SEEK_END) == 0);
	close(fd);
	CHECK(symlink("file", "link") == 0);
	CHECK_ERRNO(open("link", O_RDONLY | O_NOFOLLOW), ELOOP);
	CHECK(symlink("loop", "loop") == 0);
	CHECK_ERRNO(open("loop", O_RDONLY), ELOOP);
	fd = open(".", O_TMPFILE | O_RDWR, 0600);
	CHECK(fd >= 0 ? close(fd) == 0 : errno == EOPNOTSUPP || errno == EISDIR);
	fd = creat("created", 0600);
	CHECK(fd >= 0 && close(fd) == 0);
	CHECK_ERRNO(close(fd), EBADF);
	unlink("created");
	unlink("loop");
	unlink("link");
	unlink("file");
}

static void positions(int fd)
{
	char buffer[16] = {0};
	CHECK(pwrite(fd, "0123456789", 10, 0) == 10 && lseek(fd, 0, SEEK_CUR) == 0);
	CHECK(pread(fd, buffer, 4, 3) == 4 && !memcmp(buffer, "3456", 4) && pread(fd, buffer, 4, 100) == 0);
	CHECK_ERRNO(pread(fd, buffer, 1, -1), EINVAL);
	CHECK(lseek(fd, 5, SEEK_SET) == 5 && lseek(fd, -2, SEEK_CUR) == 3 && lseek(fd, 10, SEEK_END) == 20);
	CHECK_ERRNO(lseek(fd, -1, SEEK_SET), EINVAL);
	CHECK_ERRNO(lseek(fd, 0, 99), EINVAL);
	CHECK_ERRNO(lseek(-1, 0, SEEK_SET), EBADF);
	CHECK(lseek(fd, 6L << 30, SEEK_SET) == 6L << 30 && write(fd, "end", 3) == 3);
	CHECK(lseek(fd, 0, SEEK_END) == (6L << 30) + 3 && pread(fd, buffer, 3, 6L << 30) == 3 && !memcmp(buffer, "end", 3));
	CHECK(lseek(fd, 0, SEEK_HOLE) > 0);
	CHECK(ftruncate(fd, 4) == 0 && lseek(fd, 0, SEEK_END) == 4);
	CHECK(ftruncate(fd, 8) == 0 && pread(fd, buffer, 16, 0) == 8 && !memcmp(buffer, "0123\0\0\0\0", 8));
	CHECK_ERRNO(ftruncate(fd, -1), EINVAL);
}

static void vectors(int fd)
{
	char a[3], b[1], c[6];
	struct iovec out[] = {{"one", 3}, {"", 0}, {"twelve", 6}, {NULL, 0}};
	struct iovec in[] = {{a, 3}, {b, 0}, {c, 6}};
	CHECK(lseek(fd, 0, SEEK_SET) == 0 && writev(fd, out, 4) == 9);
	CHECK(lseek(fd, 0, SEEK_SET) == 0 && readv(fd, in, 3) == 9 && !memcmp(a, "one", 3) && !memcmp(c, "twelve", 6));
	CHECK(pwritev(fd, out, 3, 100) == 9 && preadv(fd, in, 3, 103) == 6 && !memcmp(a, "twe", 3));
	CHECK_ERRNO(writev(fd, out, -1), EINVAL);
	CHECK_ERRNO(readv(fd, in, IOV_MAX + 1), EINVAL);
	CHECK(readv(fd, in, 0) == 0);
	struct iovec many[IOV_MAX];
	for (int i = 0; i < IOV_MAX; i++)
		many[i] = (struct iovec){"x", 1};
	CHECK(pwritev(fd, many, IOV_MAX, 0) == IOV_MAX);
}

static void bad_buffers(int fd)
{
	/* The first page is never mapped. */
	CHECK_ERRNO(write(fd, (void *)16, 10), EFAULT);
	CHECK(pwrite(fd, "data", 4, 0) == 4);
	CHECK_ERRNO(pread(fd, (void *)16, 4, 0), EFAULT);
	CHECK(write(fd, (void *)16, 0) == 0);
	CHECK_ERRNO(open((char *)16, O_RDONLY), EFAULT);
	struct iovec broken = {(void *)16, 4};
	CHECK_ERRNO(writev(fd, &broken, 1), EFAULT);
	CHECK_ERRNO(writev(fd, (void *)16, 1), EFAULT);
}

static void copying(int fd)
{
	int other = open("copy", O_CREAT | O_RDWR, 0600), ends[2];
	CHECK(ftruncate(fd, 0) == 0 && pwrite(fd, "copy this text", 14, 0) == 14 && lseek(fd, 0, SEEK_SET) == 0);
	off_t from = 5, to = 0;
	CHECK(sendfile(other, fd, &from, 4) == 4 && from == 9 && lseek(fd, 0, SEEK_CUR) == 0);
	char buffer[16] = {0};
	CHECK(pread(other, buffer, 16, 0) == 4 && !strcmp(buffer, "this"));
	from = 10;
	CHECK(copy_file_range(fd, &from, other, &to, 4, 0) == 4 && pread(other, buffer, 16, 0) == 4 && !strcmp(buffer, "text"));
	CHECK(pipe(ends) == 0);
	from = 0;
	CHECK(splice(fd, &from, ends[1], NULL, 4, 0) == 4 && read(ends[0], buffer, 16) == 4 && !strcmp(buffer, "copy"));
	close(ends[0]);
	close(ends[1]);
	CHECK(fsync(other) == 0 && fdatasync(other) == 0 && posix_fallocate(other, 0, 4096) == 0);
	CHECK(posix_fadvise(other, 0, 0, POSIX_FADV_SEQUENTIAL) == 0 && lseek(other, 0, SEEK_END) == 4096);
	close(other);
	unlink("copy");
}

int main(void)
{
	open_flags();
	int fd = open("data", O_CREAT | O_RDWR, 0600);
	positions(fd);
	vectors(fd);
	bad_buffers(fd);
	copying(fd);
	close(fd);
	unlink("data");
	return check_status();
}
