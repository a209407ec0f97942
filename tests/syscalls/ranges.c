// skip-cross: qemu 7.2 has no preadv2 with flags
// calls: pwrite64 pread64 creat getdents pwritev preadv pwritev2 preadv2 tee splice vmsplice readahead
// calls: fadvise fallocate sync_file_range name_to_handle_at open_by_handle_at getrlimit setrlimit
// calls: fstatfs statfs copy_file_range sendfile close_range cachestat fdatasync fsync ftruncate truncate
/* Reading and writing parts of files, and moving data between descriptors. */
#include "calls.h"
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/vfs.h>

struct handle {
	unsigned bytes;
	int type;
	unsigned char data[128];
};

static void at_offsets(int fd)
{
	char text[16] = {0};
	SHOW(syscall(SYS_pwrite64, fd, "middle", 6L, 10LL));
	SHOW(syscall(SYS_pread64, fd, text, 16L, 8LL));
	SHOW(memcmp(text, "\0\0middle", 8));
	SHOW(syscall(SYS_pwrite64, fd, "x", 1L, -1LL));
	SHOW(syscall(SYS_pwrite64, fd, nowhere, 1L, 0LL));
	SHOW(syscall(SYS_pwrite64, -1, "x", 1L, 0LL));
	SHOW(syscall(SYS_pread64, fd, text, 1L, -1LL));
	SHOW(syscall(SYS_pread64, fd, nowhere, 4L, 8LL));
	struct iovec two[2] = {{"ab", 2}, {"cde", 3}}, back[2] = {{text, 1}, {text + 4, 8}};
	SHOW(syscall(SYS_pwritev, fd, two, 2L, 100L, 0L));
	SHOW(syscall(SYS_preadv, fd, back, 2L, 100L, 0L));
	printf("%c %.4s\n", text[0], text + 4);
	SHOW(syscall(SYS_pwritev, fd, two, -1L, 100L, 0L));
	SHOW(syscall(SYS_preadv, fd, nowhere, 2L, 100L, 0L));
	SHOW(pwritev2(fd, two, 2, 200, RWF_DSYNC));
	SHOW(preadv2(fd, back, 2, 200, 0));
	SHOW(pwritev2(fd, two, 2, 200, 1 << 30));
	SHOW(preadv2(fd, back, 2, 200, 1 << 30));
	int created = syscall(SYS_creat, "created", 0600);
	SHOW(created >= 0);
	SHOW(syscall(SYS_pread64, created, text, 1L, 0LL));
	SHOW(syscall(SYS_creat, "missing/file", 0600));
	SHOW(syscall(SYS_creat, nowhere, 0600));
	close(created);
}

static void through_pipes(int fd)
{
	int one[2], two[2];
	char text[32] = {0};
	CHECK(pipe(one) == 0 && pipe(two) == 0);
	CHECK(write(one[1], "through", 7) == 7);
	SHOW(syscall(SYS_tee, one[0], two[1], 100L, 0));
	SHOW(read(two[0], text, 32));
	printf("%s\n", text);
	SHOW(syscall(SYS_tee, one[0], one[1], 100L, 0));
	SHOW(syscall(SYS_tee, fd, two[1], 100L, 0));
	SHOW(syscall(SYS_tee, two[0], one[1], 100L, SPLICE_F_NONBLOCK));
	loff_t at = 300;
	SHOW(syscall(SYS_splice, one[0], NULL, fd, &at, 100L, 0));
	CHECK(at == 307);
	SHOW(syscall(SYS_splice, fd, nowhere, two[1], NULL, 100L, 0));
	SHOW(syscall(SYS_splice, fd, NULL, fd, NULL, 100L, 0));
	SHOW(syscall(SYS_splice, one[0], NULL, two[1], NULL, 100L, 1 << 20));
	struct iovec vector = {"vector", 6};
	SHOW(vmsplice(one[1], &vector, 1, 0));
	SHOW(vmsplice(one[1], nowhere, 1, 0));
	SHOW(vmsplice(fd, &vector, 1, 0));
	SHOW(read(one[0], text, 32));
	at = 300;
	SHOW(syscall(SYS_sendfile, two[1], fd, &at, 7L));
	SHOW(syscall(SYS_sendfile, two[1], fd, nowhere, 7L));
	SHOW(syscall(SYS_sendfile, two[1], one[0], NULL, 7L));
	loff_t from = 300, to = 400;
	SHOW(copy_file_range(fd, &from, fd, &to, 7, 0));
	CHECK(from == 307 && to == 407);
	SHOW(copy_file_range(fd, &from, fd, &to, 7, 1));
	SHOW(copy_file_range(fd, nowhere, fd, &to, 7, 0));
	SHOW(syscall(SYS_close_range, one[0], two[1], 0));
	SHOW(write(one[1], "x", 1));
	SHOW(syscall(SYS_close_range, 9, 8, 0));
	SHOW(syscall(SYS_close_range, 9, 9, 99));
}

static void space(int fd)
{
	SHOW(syscall(SYS_fallocate, fd, 0, 0LL, 1LL << 16));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(syscall(SYS_fallocate, fd, FALLOC_FL_KEEP_SIZE, 0LL, 1LL << 17));
	SHOW(syscall(SYS_fallocate, fd, 0, 0LL, 0LL));
	SHOW(syscall(SYS_fallocate, fd, 0, -1LL, 5LL));
	SHOW(syscall(SYS_fallocate, fd, 1 << 30, 0LL, 5LL));
	SHOW(syscall(SYS_fallocate, -1, 0, 0LL, 5LL));
	SHOW(syscall(SYS_readahead, fd, 0LL, 4096L));
	SHOW(syscall(SYS_readahead, -1, 0LL, 4096L));
	SHOW(syscall(SYS_fadvise64, fd, 0LL, 4096LL, POSIX_FADV_SEQUENTIAL));
	SHOW(syscall(SYS_fadvise64, fd, 0LL, 4096LL, 99));
	SHOW(syscall(SYS_fadvise64, -1, 0LL, 4096LL, 0));
	SHOW(syscall(SYS_sync_file_range, fd, 0LL, 4096LL, 7));
	SHOW(syscall(SYS_sync_file_range, fd, 0LL, 4096LL, 99));
	SHOW(syscall(SYS_sync_file_range, fd, -1LL, 4096LL, 7));
	SHOW(syscall(SYS_sync_file_range, -1, 0LL, 4096LL, 7));
	SHOW(syscall(SYS_fsync, fd));
	SHOW(syscall(SYS_fdatasync, fd));
	SHOW(syscall(SYS_fsync, -1));
	SHOW(syscall(SYS_fdatasync, -1));
	SHOW(syscall(SYS_ftruncate, fd, 5LL));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(syscall(SYS_ftruncate, fd, -1LL));
	SHOW(syscall(SYS_truncate, "file", 1LL << 33));
	SHOW(lseek(fd, 0, SEEK_END) == 1LL << 33);
	SHOW(syscall(SYS_truncate, "missing", 0LL));
	SHOW(syscall(SYS_truncate, nowhere, 0LL));
	uint64_t range[2] = {0, 4096}, statistics[5];
	SHOW(syscall(CALL_cachestat, fd, range, statistics, 0));
	SHOW(syscall(CALL_cachestat, fd, range, nowhere, 0));
	SHOW(syscall(CALL_cachestat, fd, nowhere, statistics, 0));
	SHOW(syscall(CALL_cachestat, fd, range, statistics, 1));
	SHOW(syscall(CALL_cachestat, -1, range, statistics, 0));
	struct statfs system;
	SHOW(fstatfs(fd, &system));
	CHECK(system.f_bsize > 0);
	SHOW(statfs("missing", &system));
	SHOW(syscall(SYS_fstatfs, -1, &system));
	SHOW(syscall(SYS_fstatfs, fd, nowhere));
}

static void handles(void)
{
	struct handle handle = {.bytes = 0};
	int mount;
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "file", &handle, &mount, 0));
	if (handle.bytes == 0 || handle.bytes > sizeof handle.data)
		handle.bytes = sizeof handle.data;
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "file", &handle, &mount, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "missing", &handle, &mount, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "file", nowhere, &mount, 0));
	SHOW(syscall(SYS_name_to_handle_at, AT_FDCWD, "file", &handle, &mount, 99));
	int again = syscall(SYS_open_by_handle_at, AT_FDCWD, &handle, O_RDONLY);
	SHOW_ERROR(again);
	SHOW(syscall(SYS_open_by_handle_at, AT_FDCWD, nowhere, O_RDONLY));
	handle.bytes = 1000;
	SHOW(syscall(SYS_open_by_handle_at, AT_FDCWD, &handle, O_RDONLY));
	handle.bytes = 0;
	SHOW(syscall(SYS_open_by_handle_at, AT_FDCWD, &handle, O_RDONLY));
}

static void entries(void)
{
	char buffer[4096];
	int folder = open(".", O_RDONLY | O_DIRECTORY);
	CHECK(syscall(SYS_getdents, folder, buffer, sizeof buffer) > 0);
	SHOW(syscall(SYS_getdents, folder, buffer, sizeof buffer));
	CHECK(lseek(folder, 0, SEEK_SET) == 0);
	SHOW(syscall(SYS_getdents, folder, buffer, 1));
	SHOW(syscall(SYS_getdents, folder, nowhere, 4096));
	SHOW(syscall(SYS_getdents, -1, buffer, sizeof buffer));
	SHOW(syscall(SYS_getdents, 0, buffer, sizeof buffer));
	struct rlimit limit;
	SHOW(syscall(SYS_getrlimit, RLIMIT_NOFILE, &limit));
	SHOW(syscall(SYS_setrlimit, RLIMIT_NOFILE, &limit));
	SHOW(syscall(SYS_getrlimit, 99, &limit));
	SHOW(syscall(SYS_setrlimit, RLIMIT_NOFILE, nowhere));
}

int main(void)
{
	int fd = open("file", O_CREAT | O_RDWR, 0600);
	CHECK(fd >= 0);
	at_offsets(fd);
	through_pipes(fd);
	space(fd);
	handles();
	entries();
	return check_status();
}
