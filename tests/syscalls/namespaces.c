// skip-cross: qemu 7.2 has no fsopen
// calls: unshare setns chroot pivot_root mount umount2 open_tree move_mount fsopen fsconfig fsmount fspick
// calls: mount_setattr statmount listmount open_tree_attr listns sethostname setdomainname
/* Mounts and namespaces. What changes them happens in a child with namespaces of its own. */
#include "calls.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>

struct attributes {
	uint64_t set, clear, propagation, user_namespace;
};
struct request {
	uint32_t size, spare;
	uint64_t id, param, extra;
};

static int is_apart;

static void names(void)
{
	struct utsname names;
	SHOW(syscall(SYS_sethostname, "wali-test", 4));
	SHOW(syscall(SYS_setdomainname, "example", 7));
	CHECK(uname(&names) == 0);
	printf("%s %d\n", names.nodename, strcmp(names.nodename, "wali") == 0);
}

static void old_calls(void)
{
	CHECK(mkdir("m", 0700) == 0);
	SHOW(syscall(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	SHOW(syscall(SYS_mount, "none", "m", "tmpfs", 0, "size=64k"));
	SHOW(syscall(SYS_mount, "none", "m", "no such type", 0, NULL));
	SHOW(syscall(SYS_mount, "none", "missing", "tmpfs", 0, NULL));
	SHOW(syscall(SYS_mount, "none", nowhere, "tmpfs", 0, NULL));
	SHOW(syscall(SYS_mount, nowhere, "m", "tmpfs", 0, NULL));
	CHECK(mkdir("m/old", 0700) == 0);
	SHOW(syscall(SYS_pivot_root, "m", "m"));
	SHOW(syscall(SYS_pivot_root, "missing", "m"));
	SHOW(syscall(SYS_umount2, "m", 99));
	SHOW(syscall(SYS_umount2, "m", MNT_DETACH));
	SHOW(syscall(SYS_umount2, "m", 0));
	SHOW(syscall(SYS_umount2, nowhere, 0));
}

static void new_calls(void)
{
	int context = syscall(SYS_fsopen, "tmpfs", 1);
	SHOW(context >= 0);
	SHOW(syscall(SYS_fsconfig, context, 1, "size", "64k", 0));
	SHOW(syscall(SYS_fsconfig, context, 1, "no such option", "1", 0));
	SHOW(syscall(SYS_fsconfig, context, 99, NULL, NULL, 0));
	SHOW(syscall(SYS_fsconfig, context, 6, NULL, NULL, 0));
	int mount = syscall(SYS_fsmount, context, 1, 0);
	SHOW(mount >= 0);
	SHOW(syscall(SYS_move_mount, mount, "", AT_FDCWD, "m", 4));
	SHOW(syscall(SYS_move_mount, mount, "", AT_FDCWD, "missing", 4));
	SHOW(syscall(SYS_move_mount, -1, "", AT_FDCWD, "m", 4));
	SHOW(open("m/file", O_CREAT | O_WRONLY, 0600) >= 0);
	SHOW(syscall(SYS_fspick, AT_FDCWD, "m", 0) >= 0);
	SHOW(syscall(SYS_fspick, AT_FDCWD, "missing", 0));
	SHOW(syscall(SYS_fspick, AT_FDCWD, "m", 99));
	SHOW(syscall(SYS_open_tree, AT_FDCWD, "m", 1) >= 0);
	SHOW(syscall(SYS_open_tree, AT_FDCWD, "missing", 1));
	SHOW(syscall(SYS_open_tree, AT_FDCWD, "m", 1 << 30));
	struct attributes read_only = {.set = MS_RDONLY};
	SHOW(syscall(SYS_mount_setattr, AT_FDCWD, "m", 0, &read_only, sizeof read_only));
	SHOW_ERROR(open("m/file2", O_CREAT | O_WRONLY, 0600));
	SHOW(syscall(SYS_mount_setattr, AT_FDCWD, "m", 0, &read_only, 1L));
	SHOW(syscall(SYS_mount_setattr, AT_FDCWD, "m", 0, nowhere, sizeof read_only));
	SHOW(syscall(SYS_mount_setattr, AT_FDCWD, "missing", 0, &read_only, sizeof read_only));
	SHOW(syscall(CALL_open_tree_attr, AT_FDCWD, "m", 1, &read_only, sizeof read_only) >= 0);
	SHOW(syscall(CALL_open_tree_attr, AT_FDCWD, "m", 1, &read_only, 1L));
}

static void roots(void)
{
	CHECK(mkdir("root", 0700) == 0 && mkdir("root/inside", 0700) == 0);
	SHOW(syscall(SYS_chroot, "missing"));
	SHOW(syscall(SYS_chroot, nowhere));
	SHOW(syscall(SYS_chroot, "root"));
	struct stat status;
	SHOW(stat("/inside", &status));
	SHOW(stat("/proc", &status));
}

static void apart(void)
{
	/* Nothing here may touch the namespaces of the machine. */
	is_apart = syscall(SYS_unshare, CLONE_NEWNS | CLONE_NEWUTS) == 0;
	printf("apart: %d\n", is_apart);
	if (!is_apart)
		return;
	names();
	old_calls();
	new_calls();
	roots();
}

static void asking(void)
{
	SHOW(syscall(SYS_unshare, 1));
	SHOW(syscall(SYS_unshare, 0));
	SHOW(syscall(SYS_setns, -1, 0));
	SHOW(syscall(SYS_setns, 0, CLONE_NEWUTS));
	int own = open("/proc/self/ns/uts", O_RDONLY);
	SHOW(syscall(SYS_setns, own, CLONE_NEWUTS));
	SHOW(syscall(SYS_setns, own, CLONE_NEWNET));
	close(own);
	char buffer[4096];
	uint64_t ids[16];
	/* The root of the mounts. */
	struct request request = {.size = 24, .id = UINT64_MAX};
	long n = syscall(CALL_listmount, &request, ids, 1L, 0);
	CHECK(n == 1 || errno == ENOSYS);
	SHOW(syscall(CALL_listmount, &request, nowhere, 1L, 0));
	SHOW(syscall(CALL_listmount, nowhere, ids, 1L, 0));
	SHOW(syscall(CALL_listmount, &request, ids, 1L, 99));
	request = (struct request){.size = 24, .id = ids[0], .param = 1};
	if (n == 1)
		SHOW(syscall(CALL_statmount, &request, buffer, sizeof buffer, 0));
	SHOW(syscall(CALL_statmount, nowhere, buffer, sizeof buffer, 0));
	request.id = 1;
	SHOW(syscall(CALL_statmount, &request, buffer, sizeof buffer, 0));
	uint32_t spaces[10] = {32};
	SHOW_ERROR(syscall(CALL_listns, spaces, ids, 1L, 0));
	SHOW(syscall(CALL_listns, nowhere, ids, 1L, 0));
	SHOW(syscall(CALL_listns, spaces, ids, 1L, 99));
}

int main(void)
{
	asking();
	in_child("apart", apart);
	/* Without the right to do it, or with arguments that make no sense. */
	SHOW(syscall(SYS_pivot_root, nowhere, "."));
	SHOW(syscall(SYS_fsopen, nowhere, 0));
	SHOW(syscall(SYS_fsopen, "no such type", 0));
	SHOW(syscall(SYS_fsconfig, -1, 0, "key", NULL, 0));
	SHOW(syscall(SYS_fsmount, -1, 0, 0));
	SHOW(syscall(SYS_move_mount, -1, "", -1, "", 4));
	SHOW(syscall(SYS_mount, "none", "missing", "tmpfs", 0, NULL));
	SHOW(syscall(SYS_umount2, "missing", 0));
	SHOW(syscall(SYS_chroot, "missing"));
	return check_status();
}
