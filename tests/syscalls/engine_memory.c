// skip-cross: qemu 7.2 has no open_tree
// skip-native: the engine refuses what the kernel allows
/* Ways to the engine's memory, none of which may lead there: process memory files by further names, host
 * addresses where calls take 64-bit numbers, structures with addresses in requests, samples of the stack. */
#include "calls.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#ifndef CLONE_NEWUSER
#define CLONE_NEWUSER 0x10000000
#endif
#ifndef CLONE_NEWNS
#define CLONE_NEWNS 0x00020000
#endif

/* Opens again what a descriptor only names. */
static int reopen(int fd)
{
	char path[40];
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return open(path, O_RDWR);
}

static void by_descriptors(void)
{
	struct {
		unsigned bytes;
		int type;
		unsigned char data[128];
	} handle = {.bytes = 128};
	int mount_id, named = syscall(SYS_open_tree, AT_FDCWD, "/proc/self/mem", 0);
	CHECK(named >= 0);
	CHECK_ERRNO(reopen(named), EACCES);
	CHECK_ERRNO(openat(named, "", O_RDWR), ENOENT);
	/* Neither does somebody else's name for it come here. */
	CHECK_ERRNO(syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, getpid(), 0), named, 0), EACCES);
	CHECK_ERRNO(syscall(SYS_name_to_handle_at, AT_FDCWD, "/proc/self/mem", &handle, &mount_id, 0), EOPNOTSUPP);
	CHECK(link("/proc/self/mem", "hard") == -1 && rename("/proc/self/mem", "hard") == -1);
	CHECK(syscall(SYS_acct, "/proc/self/mem") == -1 && syscall(SYS_swapon, "/proc/self/mem", 0) == -1);
	close(named);
}

static void through_a_socket(void)
{
	int ends[2], named = syscall(SYS_open_tree, AT_FDCWD, "/proc/self/mem", 0), status;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	char byte = 0;
	struct iovec one = {&byte, 1};
	struct msghdr message = {.msg_iov = &one, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	pid_t child = fork();
	if (child == 0) {
		control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
		memcpy(CMSG_DATA(&control.header), &named, sizeof named);
		_exit(sendmsg(ends[1], &message, 0) != 1);
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	int got = 0;
	CHECK(recvmsg(ends[0], &message, 0) == 1);
	memcpy(&got, CMSG_DATA(&control.header), sizeof got);
	CHECK(got == -1);
	close(ends[0]);
	close(ends[1]);
	close(named);
}

/* A child knows its parent's memory by number only. */
static void of_the_parent(void)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		char path[40], text[8];
		struct iovec here = {text, 8}, there = {text, 8};
		pid_t parent = getppid();
		snprintf(path, sizeof path, "/proc/%d/mem", parent);
		CHECK_ERRNO(open(path, O_RDWR), EACCES);
		snprintf(path, sizeof path, "/proc/%d/task/%d/mem", parent, parent);
		CHECK_ERRNO(open(path, O_RDONLY), EACCES);
		CHECK_ERRNO(syscall(SYS_process_vm_writev, parent, &here, 1L, &there, 1L, 0L), EFAULT);
		CHECK_ERRNO(syscall(SYS_process_vm_readv, parent, &here, 1L, &there, 1L, 0L), EFAULT);
		for (long request = 0; request < 25; request++)
			CHECK_ERRNO(syscall(SYS_ptrace, request, parent, 0L, 0L), EPERM);
		_exit(check_status());
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
}

/* Mounts give the file other names. Machines that allow no mounts have none to test. */
static void by_mounts(void)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		if (syscall(SYS_unshare, (long)CLONE_NEWNS) && syscall(SYS_unshare, (long)(CLONE_NEWUSER | CLONE_NEWNS)))
			_exit(0);
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
		mkdir("proc", 0700);
		close(open("bound", O_CREAT | O_RDWR, 0600));
		if (mount("/proc/self/mem", "bound", NULL, MS_BIND, NULL) == 0) {
			CHECK_ERRNO(open("bound", O_RDWR), EACCES);
			CHECK_ERRNO(open("bound", O_RDONLY), EACCES);
			CHECK_ERRNO(creat("bound", 0600), EACCES);
			CHECK_ERRNO(reopen(open("bound", O_PATH)), EACCES);
		}
		int copy = syscall(SYS_open_tree, AT_FDCWD, "/proc/self/mem", 1);
		if (copy >= 0)
			CHECK_ERRNO(reopen(copy), EACCES);
		if (mount("proc", "proc", "proc", 0, NULL) == 0)
			CHECK_ERRNO(open("proc/self/mem", O_RDWR), EACCES);
		int made = syscall(SYS_fsopen, "proc", 0);
		if (made >= 0 && syscall(SYS_fsconfig, made, 6, NULL, NULL, 0) == 0)
			CHECK_ERRNO(openat(syscall(SYS_fsmount, made, 0, 0), "self/mem", O_RDWR), EACCES);
		_exit(check_status());
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	rmdir("proc");
	unlink("bound");
}

/* A page that the engine writes, and whose address cut to 32 bits is free in the program's memory. */
static uint64_t engine_page(void)
{
	char line[400];
	unsigned char resident;
	uint64_t found = 0;
	FILE *maps = fopen("/proc/self/maps", "r");
	while (!found && fgets(line, sizeof line, maps)) {
		char *rest;
		uint64_t start = strtoull(line, &rest, 16), end = strtoull(rest + 1, &rest, 16);
		for (; strncmp(rest, " rw-p", 5) == 0 && start < end && !found; start += 4096)
			if (start >> 32 && mincore((void *)(uintptr_t)(uint32_t)start, 4096, &resident) == -1)
				found = start;
	}
	fclose(maps);
	return found;
}

static void by_numbers(uint64_t page)
{
	static const int written[] = {PR_GET_PDEATHSIG, PR_GET_NAME, 25 /* PR_GET_TSC */, PR_GET_CHILD_SUBREAPER};
	static const int refused[] = {26 /* PR_SET_TSC */, PR_SET_SECCOMP, PR_SET_MM, PR_GET_TID_ADDRESS,
				      59 /* PR_SET_SYSCALL_USER_DISPATCH */, 65 /* PR_SET_MDWE */, 0x41555856 /* PR_GET_AUXV */};
	uint64_t waiter[3] = {0, page, 2}, new_process[11] = {0x01200000, 0, page, page, 17}, id = 0;
	for (int i = 0; i < 4; i++)
		CHECK_ERRNO(syscall(SYS_prctl, written[i], page, page, page, page), EFAULT);
	for (int i = 0; i < 7; i++)
		CHECK_ERRNO(syscall(SYS_prctl, refused[i], page, 8ULL, 0ULL, 0ULL), EINVAL);
	CHECK_ERRNO(syscall(SYS_arch_prctl, 0x1003, page), EINVAL);
	CHECK_ERRNO(syscall(SYS_fcntl, 0, F_GETLK, page), EFAULT);
	CHECK_ERRNO(syscall(SYS_fcntl, 0, 17 /* F_GETOWNER_UIDS */, page), EFAULT);
	CHECK_ERRNO(syscall(SYS_keyctl, 31 /* KEYCTL_CAPABILITIES */, page, 8ULL, 0ULL, 0ULL), EFAULT);
	CHECK_ERRNO(syscall(SYS_futex_waitv, waiter, 1, 0, NULL, 1), EFAULT);
	CHECK_ERRNO(syscall(SYS_clone3, new_process, 88L), EFAULT);
	CHECK(syscall(SYS_io_setup, 1, &id) == 0);
	struct {
		uint64_t data, key_and_flags;
		uint16_t operation, priority;
		uint32_t fd;
		uint64_t buffer, bytes, rest[3];
	} request = {.fd = open("/dev/zero", O_RDONLY), .buffer = page, .bytes = 8};
	uint32_t list[1] = {(uint32_t)(uintptr_t)&request};
	int64_t event[4] = {0};
	CHECK(syscall(SYS_io_submit, id, 1LL, list) == 1 && syscall(SYS_io_getevents, id, 1LL, 1LL, event, NULL) == 1);
	CHECK(event[2] == -EFAULT);
	CHECK(syscall(SYS_io_destroy, id) == 0);
	close(request.fd);
}

/* Requests whose structures hold addresses; the kernel would answer the first two. */
static void by_requests(uint64_t page)
{
	static const unsigned requests[] = {0xc0686611 /* PROCMAP_QUERY */, 0xc0606610 /* PAGEMAP_SCAN */,
					    0x40086414 /* an address alone */, 0xc0185500 /* USBDEVFS_CONTROL */};
	uint64_t data[16] = {104, 0, page};
	data[12] = page;
	int maps = open("/proc/self/maps", O_RDONLY), pages = open("/proc/self/pagemap", O_RDONLY);
	CHECK(maps >= 0);
	for (int i = 0; i < 4; i++) {
		CHECK_ERRNO(syscall(SYS_ioctl, maps, requests[i], data), ENOTTY);
		if (pages >= 0)
			CHECK_ERRNO(syscall(SYS_ioctl, pages, requests[i], data), ENOTTY);
	}
	CHECK_ERRNO(syscall(SYS_ioctl, maps, 0xaa00 /* USERFAULTFD_IOC_NEW */, 0), EPERM);
	close(maps);
	close(pages);
}

/* A sample may show addresses, but no registers and nothing of the stack. */
static void by_samples(void)
{
	static const int kinds[] = {12, 13, 18};
	struct {
		uint32_t type, size;
		uint64_t config, period, sampled, rest[12];
	} event = {.type = 1, .size = 128, .period = 100000};
	for (int i = 0; i < 3; i++) {
		event.sampled = 1ULL << kinds[i] | 1;
		CHECK_ERRNO(syscall(SYS_perf_event_open, &event, 0, -1, -1, 8L), EINVAL);
	}
}

/* Notices that would bring open files of /proc. */
static void by_notices(void)
{
	int notices = syscall(SYS_fanotify_init, 0, O_RDWR);
	if (notices < 0)
		return;
	CHECK(symlink("/proc/self/mem", "link") == 0);
	const char *paths[] = {"/proc/self/mem", "/proc/thread-self/mem", "link", "/proc"};
	const unsigned scopes[] = {0, 0x10 /* of the mount */, 0x100 /* of the file system */};
	for (int i = 0; i < 4; i++)
		for (int scope = 0; scope < 3; scope++)
			CHECK_ERRNO(syscall(SYS_fanotify_mark, notices, 1 | scopes[scope], 0x20ULL, AT_FDCWD, paths[i]),
				    i < 3 ? EACCES : EPERM);
	int folder = open("/proc/self", O_PATH | O_DIRECTORY);
	CHECK_ERRNO(syscall(SYS_fanotify_mark, notices, 1, 0x20ULL, folder, "mem"), EACCES);
	CHECK_ERRNO(syscall(SYS_fanotify_mark, notices, 1, 0x20ULL, open("/proc/self/maps", O_RDONLY), NULL), EPERM);
	CHECK(syscall(SYS_fanotify_mark, notices, 1, 0x20ULL, AT_FDCWD, ".") == 0);
	CHECK(unlink("link") == 0);
	close(notices);
}

/* What would judge or redirect the engine's own calls. */
static void by_filters(void)
{
	for (int operation = 0; operation < 2; operation++)
		for (int flags = 0; flags < 16; flags++)
			CHECK_ERRNO(syscall(SYS_seccomp, operation, flags, NULL), EINVAL);
	CHECK_ERRNO(syscall(SYS_prctl, PR_SET_SECCOMP, 1ULL, 0ULL, 0ULL, 0ULL), EINVAL);
}

int main(void)
{
	uint64_t page = engine_page();
	CHECK(page != 0);
	by_descriptors();
	through_a_socket();
	of_the_parent();
	by_mounts();
	by_numbers(page);
	by_requests(page);
	by_samples();
	by_notices();
	by_filters();
	return check_status();
}
