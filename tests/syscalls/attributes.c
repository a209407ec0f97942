// skip-cross: qemu 7.2 has no setxattrat
// calls: setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
// calls: removexattr lremovexattr fremovexattr setxattrat getxattrat listxattrat removexattrat
// calls: file_getattr file_setattr fchmodat2 faccessat2 fchownat mknodat
/* What is known of a file besides its contents. */
#include "calls.h"
#include <fcntl.h>
#include <sys/stat.h>

struct xattr_args {
	uint64_t value;
	uint32_t size, flags;
};

static void by_name(const char *name)
{
	char value[64] = {0};
	SHOW(syscall(SYS_setxattr, name, "user.one", "first", 5L, 0));
	SHOW(syscall(SYS_setxattr, name, "user.one", "again", 5L, 1));
	SHOW(syscall(SYS_setxattr, name, "user.two", "second", 6L, 2));
	SHOW(syscall(SYS_setxattr, name, "user.two", "", 0L, 0));
	SHOW(syscall(SYS_setxattr, name, "none.two", "x", 1L, 0));
	SHOW(syscall(SYS_setxattr, name, "", "x", 1L, 0));
	SHOW(syscall(SYS_setxattr, name, "user.three", "x", 1L, 8));
	SHOW(syscall(SYS_setxattr, name, "user.three", nowhere, 1L, 0));
	SHOW(syscall(SYS_setxattr, name, "user.three", "x", 1L << 20, 0));
	SHOW(syscall(SYS_getxattr, name, "user.one", value, (long)sizeof value));
	printf("value %s\n", value);
	SHOW(syscall(SYS_getxattr, name, "user.one", NULL, 0L));
	SHOW(syscall(SYS_getxattr, name, "user.one", value, 2L));
	SHOW(syscall(SYS_getxattr, name, "user.one", nowhere, 16L));
	SHOW(syscall(SYS_getxattr, name, "user.none", value, (long)sizeof value));
	SHOW(syscall(SYS_getxattr, "missing", "user.one", value, (long)sizeof value));
	SHOW_ERROR(syscall(SYS_listxattr, name, value, (long)sizeof value));
	SHOW_ERROR(syscall(SYS_listxattr, name, value, 1L));
	SHOW_ERROR(syscall(SYS_listxattr, name, nowhere, 64L));
	SHOW(syscall(SYS_removexattr, name, "user.one"));
	SHOW(syscall(SYS_removexattr, name, "user.one"));
	SHOW(syscall(SYS_removexattr, nowhere, "user.one"));
}

static void by_link_and_descriptor(int fd)
{
	char value[64] = {0};
	SHOW(syscall(SYS_lsetxattr, "file", "user.l", "link", 4L, 0));
	SHOW(syscall(SYS_lsetxattr, "link", "user.l", "link", 4L, 0));
	SHOW(syscall(SYS_lgetxattr, "file", "user.l", value, 64L));
	SHOW(syscall(SYS_lgetxattr, "link", "user.l", value, 64L));
	SHOW_ERROR(syscall(SYS_llistxattr, "file", value, 64L));
	SHOW_ERROR(syscall(SYS_llistxattr, "link", value, 64L));
	SHOW(syscall(SYS_lremovexattr, "link", "user.l"));
	SHOW(syscall(SYS_lremovexattr, "file", "user.l"));
	SHOW(syscall(SYS_fsetxattr, fd, "user.f", "number", 6L, 0));
	SHOW(syscall(SYS_fgetxattr, fd, "user.f", value, 64L));
	SHOW_ERROR(syscall(SYS_flistxattr, fd, value, 64L));
	SHOW(syscall(SYS_fremovexattr, fd, "user.f"));
	SHOW(syscall(SYS_fsetxattr, -1, "user.f", "number", 6L, 0));
	SHOW(syscall(SYS_fgetxattr, -1, "user.f", value, 64L));
	SHOW(syscall(SYS_flistxattr, -1, value, 64L));
	SHOW(syscall(SYS_fremovexattr, -1, "user.f"));
}

static void at_a_folder(int fd)
{
	char value[64] = {0};
	struct xattr_args args = {(uintptr_t)"folder", 6, 0};
	long size = sizeof args;
	SHOW(syscall(CALL_setxattrat, AT_FDCWD, "file", 0, "user.at", &args, size));
	SHOW(syscall(CALL_setxattrat, AT_FDCWD, "file", 0, "user.at", &args, size - 1));
	SHOW(syscall(CALL_setxattrat, AT_FDCWD, "file", 1, "user.at", &args, size));
	SHOW(syscall(CALL_setxattrat, AT_FDCWD, "file", 0, "user.at", nowhere, size));
	args = (struct xattr_args){(uintptr_t)value, sizeof value, 0};
	SHOW(syscall(CALL_getxattrat, AT_FDCWD, "file", 0, "user.at", &args, size));
	printf("value %s\n", value);
	args.value = (uintptr_t)nowhere;
	SHOW(syscall(CALL_getxattrat, AT_FDCWD, "file", 0, "user.at", &args, size));
	SHOW(syscall(CALL_getxattrat, fd, "", AT_EMPTY_PATH, "user.none", &args, size));
	SHOW_ERROR(syscall(CALL_listxattrat, AT_FDCWD, "file", 0, value, 64L));
	SHOW(syscall(CALL_listxattrat, AT_FDCWD, "missing", 0, value, 64L));
	SHOW(syscall(CALL_removexattrat, AT_FDCWD, "file", 0, "user.at"));
	SHOW(syscall(CALL_removexattrat, AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW, "user.at"));
}

static void inode_flags(void)
{
	char attributes[24] = {0};
	SHOW(syscall(CALL_file_getattr, AT_FDCWD, "file", attributes, 24L, 0));
	SHOW(syscall(CALL_file_setattr, AT_FDCWD, "file", attributes, 24L, 0));
	SHOW(syscall(CALL_file_getattr, AT_FDCWD, "file", attributes, 8L, 0));
	SHOW(syscall(CALL_file_getattr, AT_FDCWD, "missing", attributes, 24L, 0));
	SHOW(syscall(CALL_file_getattr, AT_FDCWD, "file", nowhere, 24L, 0));
	SHOW(syscall(CALL_file_setattr, AT_FDCWD, "file", nowhere, 24L, 0));
	SHOW(syscall(CALL_file_setattr, AT_FDCWD, "file", attributes, 24L, 1));
}

static void modes_and_owners(int fd)
{
	struct stat status;
	SHOW(syscall(CALL_fchmodat2, AT_FDCWD, "file", 0640, 0));
	CHECK(stat("file", &status) == 0 && (status.st_mode & 07777) == 0640);
	SHOW(syscall(CALL_fchmodat2, fd, "", 0600, AT_EMPTY_PATH));
	SHOW(syscall(CALL_fchmodat2, AT_FDCWD, "link", 0640, AT_SYMLINK_NOFOLLOW));
	SHOW(syscall(CALL_fchmodat2, AT_FDCWD, "file", 0640, 1));
	SHOW(syscall(CALL_fchmodat2, AT_FDCWD, nowhere, 0640, 0));
	SHOW(syscall(SYS_faccessat2, AT_FDCWD, "file", R_OK | W_OK, 0));
	SHOW(syscall(SYS_faccessat2, AT_FDCWD, "file", F_OK, AT_EACCESS));
	SHOW(syscall(SYS_faccessat2, AT_FDCWD, "link", F_OK, AT_SYMLINK_NOFOLLOW));
	SHOW(syscall(SYS_faccessat2, AT_FDCWD, "file", 9, 0));
	SHOW(syscall(SYS_faccessat2, AT_FDCWD, "file", F_OK, 1));
	SHOW(syscall(SYS_faccessat2, -1, "file", F_OK, 0));
	SHOW(syscall(SYS_fchownat, AT_FDCWD, "file", -1, -1, 0));
	SHOW(syscall(SYS_fchownat, fd, "", getuid(), getgid(), AT_EMPTY_PATH));
	SHOW(syscall(SYS_fchownat, AT_FDCWD, "link", -1, -1, AT_SYMLINK_NOFOLLOW));
	SHOW(syscall(SYS_fchownat, AT_FDCWD, "missing", -1, -1, 0));
	SHOW(syscall(SYS_fchownat, AT_FDCWD, "file", -1, -1, 1));
	SHOW(syscall(SYS_mknodat, AT_FDCWD, "pipe", S_IFIFO | 0600, 0));
	SHOW(syscall(SYS_mknodat, AT_FDCWD, "pipe", S_IFIFO | 0600, 0));
	SHOW(syscall(SYS_mknodat, AT_FDCWD, "regular", S_IFREG | 0600, 0));
	SHOW(syscall(SYS_mknodat, AT_FDCWD, "folder", S_IFDIR | 0700, 0));
	SHOW(syscall(SYS_mknodat, AT_FDCWD, "odd", 0170000, 0));
	SHOW(syscall(SYS_mknodat, -1, "regular2", S_IFREG, 0));
	CHECK(stat("pipe", &status) == 0 && S_ISFIFO(status.st_mode));
}

int main(void)
{
	umask(0);
	int fd = open("file", O_CREAT | O_RDWR, 0600);
	CHECK(fd >= 0 && symlink("file", "link") == 0);
	by_name("file");
	by_link_and_descriptor(fd);
	at_a_folder(fd);
	inode_flags();
	modes_and_owners(fd);
	return check_status();
}
