// skip-native: the kernel serves some of them
// calls: rt_sigreturn ptrace uselib modify_ldt _sysctl arch_prctl iopl ioperm create_module get_kernel_syms
// calls: query_module nfsservctl getpmsg putpmsg afs_syscall tuxcall security set_thread_area get_thread_area
// calls: lookup_dcookie epoll_ctl_old epoll_wait_old vserver kexec_load bpf userfaultfd pkey_mprotect
// calls: pkey_alloc pkey_free rseq uretprobe uprobe io_uring_setup io_uring_enter io_uring_register
// calls: map_shadow_stack rseq_slice_yield
/* The calls that the engine refuses, with the error of each. */
#include "calls.h"
#include <sys/ioctl.h>
#include <sys/socket.h>

static const struct {
	short number, error;
	const char *name;
} refused[] = {
	{15, ENOSYS, "rt_sigreturn"},
	{101, EPERM, "ptrace"},
	{134, ENOSYS, "uselib"},
	{154, ENOSYS, "modify_ldt"},
	{156, ENOSYS, "_sysctl"},
	{158, EINVAL, "arch_prctl"},
	{172, ENOSYS, "iopl"},
	{173, ENOSYS, "ioperm"},
	{174, ENOSYS, "create_module"},
	{177, ENOSYS, "get_kernel_syms"},
	{178, ENOSYS, "query_module"},
	{180, ENOSYS, "nfsservctl"},
	{181, ENOSYS, "getpmsg"},
	{182, ENOSYS, "putpmsg"},
	{183, ENOSYS, "afs_syscall"},
	{184, ENOSYS, "tuxcall"},
	{185, ENOSYS, "security"},
	{205, ENOSYS, "set_thread_area"},
	{211, ENOSYS, "get_thread_area"},
	{212, ENOSYS, "lookup_dcookie"},
	{214, ENOSYS, "epoll_ctl_old"},
	{215, ENOSYS, "epoll_wait_old"},
	{236, ENOSYS, "vserver"},
	{246, EPERM, "kexec_load"},
	{321, EPERM, "bpf"},
	{323, EPERM, "userfaultfd"},
	{329, EINVAL, "pkey_mprotect"},
	{330, ENOSPC, "pkey_alloc"},
	{331, EINVAL, "pkey_free"},
	{334, ENOSYS, "rseq"},
	{335, ENOSYS, "uretprobe"},
	{336, ENOSYS, "uprobe"},
	{425, ENOSYS, "io_uring_setup"},
	{426, ENOSYS, "io_uring_enter"},
	{427, ENOSYS, "io_uring_register"},
	{453, EOPNOTSUPP, "map_shadow_stack"},
	{471, ENOSYS, "rseq_slice_yield"},
};

/* Options of sockets and requests to devices whose data hold addresses, or that nobody has listed. */
static void options_and_requests(void)
{
	static const int options[][2] = {
		{ 284, 4 /* MPTCP_FULL_INFO */ }, { 284, 99 }, { 6, 35 /* TCP_ZEROCOPY_RECEIVE */ },
		{ 132, 111 /* SCTP_SOCKOPT_CONNECTX3 */ }, { 276, 2 /* RDS_GET_MR */ }, { 0, 131 /* EBT_SO_GET_INIT_ENTRIES */ },
		{ 1, 4095 }, { 4095, 1 },
	};
	static const unsigned requests[] = {
		0x400448c8 /* HIDPCONNADD */, 0x800448d2 /* HIDPGETCONNLIST */, 0x400442c8 /* BNEPCONNADD */,
		0x800442d2 /* BNEPGETCONNLIST */, 0x800443d2 /* CMTPGETCONNLIST */, 0x80047801, 0xc0684113,
	};
	char value[64] = "";
	socklen_t len;
	int sockets[3] = { socket(AF_INET, SOCK_STREAM, 0), socket(AF_INET, SOCK_STREAM, 262 /* MPTCP */), socket(AF_UNIX, SOCK_STREAM, 0) };
	for (int i = 0; i < 3; i++)
		for (int j = 0; sockets[i] >= 0 && j < (int)(sizeof options / sizeof *options); j++) {
			len = sizeof value;
			CHECK_ERRNO(getsockopt(sockets[i], options[j][0], options[j][1], value, &len), ENOPROTOOPT);
			CHECK_ERRNO(setsockopt(sockets[i], options[j][0], options[j][1], value, len), ENOPROTOOPT);
		}
	CHECK_ERRNO(setsockopt(sockets[0], 0, 64 /* IPT_SO_SET_REPLACE */, value, sizeof value), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(-1, 284, 4, value, &len), EBADF);
	CHECK_ERRNO(getsockopt(0, 284, 4, value, &len), ENOTSOCK);
	for (int j = 0; j < (int)(sizeof requests / sizeof *requests); j++)
		CHECK_ERRNO(ioctl(sockets[0], requests[j], value), ENOTTY);
}

int main(void)
{
	options_and_requests();
	int count = sizeof refused / sizeof *refused;
	for (int i = 0; i < count; i++) {
		errno = 0;
		CHECK(syscall(refused[i].number, 0L, 0L, 0L, 0L, 0L, 0L) == -1);
		if (errno != refused[i].error)
			printf("%s: errno %d\n", refused[i].name, errno);
	}
	printf("%d calls\n", count);
	return check_status();
}
