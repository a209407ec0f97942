// skip-cross: qemu 7.2 looks at addresses before it looks at other arguments
// calls: setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid getresuid getresgid
// calls: setgroups getgroups getpgrp capget capset getuid geteuid getgid getegid personality
/* Who a process is: users, groups, capabilities. What changes them happens in children. */
#include "calls.h"
#include <sys/personality.h>

struct capability_header {
	unsigned version;
	int pid;
};
struct capability_data {
	unsigned effective, permitted, inheritable;
};

static void show_ids(void)
{
	unsigned u[3] = {9, 9, 9}, g[3] = {9, 9, 9};
	SHOW(syscall(SYS_getresuid, u, u + 1, u + 2));
	SHOW(syscall(SYS_getresgid, g, g + 1, g + 2));
	printf("users %u %u %u, groups %u %u %u\n", u[0], u[1], u[2], g[0], g[1], g[2]);
	CHECK(syscall(SYS_getuid) == u[0] && syscall(SYS_geteuid) == u[1]);
	CHECK(syscall(SYS_getgid) == g[0] && syscall(SYS_getegid) == g[1]);
	CHECK_ERRNO(syscall(SYS_getresuid, u, nowhere, u), EFAULT);
	CHECK_ERRNO(syscall(SYS_getresgid, u, u, nowhere), EFAULT);
}

static void set_one(void)
{
	SHOW(syscall(SYS_setgid, 12345));
	SHOW(syscall(SYS_setuid, 12345));
	show_ids();
	/* Back is forbidden. */
	SHOW(syscall(SYS_setuid, 0));
	SHOW(syscall(SYS_setgid, 0));
	SHOW(syscall(SYS_setuid, -1));
	SHOW(syscall(SYS_setgid, -1));
}

static void set_two(void)
{
	SHOW(syscall(SYS_setregid, 100, 200));
	SHOW(syscall(SYS_setreuid, 100, 200));
	show_ids();
	SHOW(syscall(SYS_setreuid, -1, 100));
	SHOW(syscall(SYS_setreuid, 7, -1));
	SHOW(syscall(SYS_setregid, -1, -1));
	show_ids();
}

static void set_three(void)
{
	SHOW(syscall(SYS_setresgid, 1, 2, 3));
	SHOW(syscall(SYS_setresuid, 1, 2, 3));
	show_ids();
	SHOW(syscall(SYS_setresuid, 3, 1, 2));
	SHOW(syscall(SYS_setresuid, 4, -1, -1));
	SHOW(syscall(SYS_setresgid, -1, 3, -1));
	show_ids();
}

static void set_file_ids(void)
{
	/* The answer is the identity before; a refusal does not show. */
	unsigned uid = syscall(SYS_getuid), gid = syscall(SYS_getgid);
	CHECK(syscall(SYS_setfsgid, 55) == gid && syscall(SYS_setfsuid, 55) == uid);
	SHOW(syscall(SYS_setfsgid, -1));
	SHOW(syscall(SYS_setfsuid, -1));
}

static void set_groups(void)
{
	gid_t list[4] = {10, 20, 30, 40};
	SHOW(syscall(SYS_setgroups, 3, list));
	memset(list, 0, sizeof list);
	SHOW_ERROR(syscall(SYS_getgroups, 4, list));
	SHOW_ERROR(syscall(SYS_getgroups, 0, nowhere));
	if (geteuid() == 0) {
		printf("%u %u %u\n", list[0], list[1], list[2]);
		SHOW(syscall(SYS_getgroups, 2, list));
		SHOW(syscall(SYS_getgroups, 4, nowhere));
	}
	SHOW(syscall(SYS_getgroups, -1, list));
	SHOW(syscall(SYS_setgroups, 1 << 20, list));
	SHOW(syscall(SYS_setgroups, 2, nowhere));
	SHOW(syscall(SYS_setgroups, 0, NULL));
}

static void capabilities(void)
{
	struct capability_header header = {0x20080522, 0};
	struct capability_data data[2] = {{7, 7, 7}, {7, 7, 7}};
	SHOW(syscall(SYS_capget, &header, data));
	/* Whoever has all of them may give them away. */
	memset(data, 0, sizeof data);
	SHOW(syscall(SYS_capset, &header, data));
	SHOW(syscall(SYS_capget, &header, data));
	printf("%u %u %u\n", data[0].effective, data[0].permitted, data[0].inheritable);
	data[0].permitted = 1;
	SHOW(syscall(SYS_capset, &header, data));
	/* An unknown version is answered with the known one. */
	header.version = 1;
	SHOW(syscall(SYS_capget, &header, NULL));
	printf("version %#x\n", header.version);
	header.version = 1;
	SHOW(syscall(SYS_capset, &header, data));
	header.pid = -1;
	SHOW(syscall(SYS_capget, &header, data));
	SHOW(syscall(SYS_capget, nowhere, data));
	SHOW(syscall(SYS_capset, &header, nowhere));
}

static void domains(void)
{
	SHOW(syscall(SYS_personality, 0xffffffff));
	SHOW(syscall(SYS_personality, ADDR_NO_RANDOMIZE));
	SHOW(syscall(SYS_personality, 0xffffffff));
}

int main(void)
{
	in_child("one", set_one);
	in_child("two", set_two);
	in_child("three", set_three);
	in_child("file", set_file_ids);
	in_child("groups", set_groups);
	in_child("capabilities", capabilities);
	in_child("personality", domains);
	CHECK(syscall(SYS_getpgrp) == getpgid(0));
	return check_status();
}
