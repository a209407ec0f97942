// skip-cross: qemu 7.2 looks at addresses before it looks at other arguments
/* Every system call by its number with arguments that make no sense: the errno is the kernel's. */
#include "../libc/check.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Calls that would not come back, or would take away what this program or its user needs. */
static const short harmful[] = {
	SYS_rt_sigreturn, SYS_pause, SYS_exit, SYS_exit_group, SYS_fork, SYS_vfork, SYS_clone, SYS_clone3,
	SYS_kill, SYS_tkill, SYS_tgkill, SYS_vhangup, SYS_rt_sigsuspend, SYS_reboot, SYS_setsid,
	SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_close, SYS_close_range, SYS_dup2, SYS_dup3, SYS_alarm,
	SYS_umask, SYS_personality, SYS_select, SYS_pselect6, SYS_ppoll, SYS_sync, SYS_acct, SYS_brk,
	SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid, SYS_setfsuid,
	SYS_setfsgid, SYS_setpgid, SYS_setpriority, SYS_ioprio_set, SYS_sched_setscheduler, SYS_unshare,
	SYS_settimeofday, SYS_munlockall, SYS_mlockall, SYS_set_tid_address, SYS_munmap, SYS_mprotect,
	SYS_fchmod, SYS_fchown, SYS_ftruncate, SYS_shmat, SYS_shmctl, SYS_semctl, SYS_msgctl, SYS_iopl,
	SYS_ioperm, SYS_write, SYS_writev, SYS_pwrite64, SYS_lseek, SYS_fchdir, SYS_futex, SYS_swapoff,
	SYS_msgget,
};

/* Calls that answer otherwise than the kernel, as `wali-engine syscalls` says; and two for which it matters
 * that the first page is mapped here, though without access. */
static const short different[] = {
	SYS_ptrace, SYS_modify_ldt, SYS_arch_prctl, SYS_kexec_load, SYS_userfaultfd, SYS_pkey_mprotect,
	SYS_pkey_alloc, SYS_pkey_free, SYS_rseq, SYS_io_uring_setup, SYS_io_uring_enter,
	SYS_io_uring_register, SYS_bpf, SYS_seccomp, SYS_perf_event_open, SYS_prctl, SYS_ioctl,
	SYS_get_robust_list, SYS_set_robust_list, SYS_munlock, SYS_mlock2, 335, 336, 453, 471,
};

static int is_among(long number, const short *list, size_t bytes)
{
	for (size_t i = 0; i < bytes / sizeof *list; i++)
		if (list[i] == number)
			return 1;
	return 0;
}

static void try(const char *how, long number, const long a[6])
{
	errno = 0;
	long result = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (result == -1)
		printf("%ld %s: errno %d\n", number, how, errno);
	else
		printf("%ld %s: no error\n", number, how);
}

int main(void)
{
	int file = open("file", O_CREAT | O_RDWR, 0600);
	const long null[6] = {0};
	const long nowhere[6] = {16, 16, 16, 16, 16, 16};
	const long on_file[6] = {file, 16, 16, 16, 16, 16};
	const long on_file_short[6] = {file, 16, 1, 0, 0, 0};
	for (long number = 0; number < 480; number++) {
		if (is_among(number, harmful, sizeof harmful) || is_among(number, different, sizeof different))
			continue;
		try("null", number, null);
		try("nowhere", number, nowhere);
		try("on a file", number, on_file);
		try("on a file, one byte", number, on_file_short);
	}
	return check_status();
}
