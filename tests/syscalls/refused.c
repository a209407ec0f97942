// skip-native: the kernel serves some of them
// calls: rt_sigreturn ptrace uselib modify_ldt _sysctl arch_prctl iopl ioperm create_module get_kernel_syms
// calls: query_module nfsservctl getpmsg putpmsg afs_syscall tuxcall security set_thread_area get_thread_area
// calls: lookup_dcookie epoll_ctl_old epoll_wait_old vserver kexec_load bpf userfaultfd pkey_mprotect
// calls: pkey_alloc pkey_free rseq uretprobe uprobe io_uring_setup io_uring_enter io_uring_register
// calls: map_shadow_stack rseq_slice_yield
/* The calls that the engine refuses, with the error of each. */
#include "calls.h"

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

int main(void)
{
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
