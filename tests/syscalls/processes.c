// skip-cross: qemu 7.2 has no execveat and no set_robust_list
// calls: clone clone3 vfork fork execve execveat exit exit_group wait4 waitid set_robust_list get_robust_list
// calls: tkill tgkill kill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd kcmp
// calls: process_mrelease restart_syscall set_tid_address gettid getpid getppid getpgid setpgid getsid setsid
// calls: rt_sigaction rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack prctl getrusage
/* Processes: making them, becoming another program, sending signals to them, waiting for them. */
#include "calls.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static volatile sig_atomic_t got_signal, got_value;

static void on_signal(int signal, siginfo_t *info, void *context)
{
	(void)context;
	got_signal = signal;
	got_value = info->si_value.sival_int;
}

static void show_end(const char *name, pid_t child)
{
	int status = -1;
	CHECK(child > 0 && waitpid(child, &status, 0) == child);
	printf("%s: %#x\n", name, status);
	fflush(stdout);
}

static void children(void)
{
	fflush(stdout);
	pid_t stored = 0;
	pid_t child = syscall(SYS_clone, SIGCHLD | CLONE_PARENT_SETTID, 0L, &stored, 0L, 0L);
	if (child == 0)
		_exit(11);
	CHECK(stored == child);
	show_end("clone", child);
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	} args = {.flags = CLONE_PIDFD, .exit_signal = SIGCHLD};
	int pidfd = -1;
	args.pidfd = (uintptr_t)&pidfd;
	child = syscall(SYS_clone3, &args, sizeof args);
	if (child == 0)
		_exit(12);
	CHECK(pidfd >= 0);
	show_end("clone3", child);
	SHOW(syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0));
	close(pidfd);
	SHOW(syscall(SYS_clone3, &args, 8L));
	SHOW(syscall(SYS_clone3, nowhere, sizeof args));
	args.flags = 1ULL << 60;
	SHOW(syscall(SYS_clone3, &args, sizeof args));
	child = syscall(SYS_fork);
	if (child == 0)
		syscall(SYS_exit, 13);
	show_end("fork", child);
#ifdef __wasm__
	child = syscall(SYS_vfork);
#else
	/* By its number it would return twice on one stack. */
	child = vfork();
#endif
	if (child == 0)
		_exit(14);
	show_end("vfork", child);
	child = fork();
	if (child == 0)
		syscall(SYS_exit_group, 15);
	show_end("exit_group", child);
}

static void programs(void)
{
	char *const args[] = {"true", NULL}, *const env[] = {NULL};
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		int fd = open("/bin/true", O_RDONLY | O_CLOEXEC);
		syscall(SYS_execveat, fd, "", args, env, AT_EMPTY_PATH);
		_exit(99);
	}
	show_end("execveat", child);
	child = fork();
	if (child == 0) {
		syscall(SYS_execve, "/bin/false", args, env);
		_exit(99);
	}
	show_end("execve", child);
	SHOW(syscall(SYS_execve, "missing", args, env));
	SHOW(syscall(SYS_execve, nowhere, args, env));
	SHOW(syscall(SYS_execve, "/", args, env));
	SHOW(syscall(SYS_execveat, AT_FDCWD, "missing", args, env, 0));
	SHOW(syscall(SYS_execveat, AT_FDCWD, "/bin/true", args, env, 1 << 20));
	SHOW(syscall(SYS_execveat, -1, "true", args, env, 0));
	close(open("plain", O_CREAT | O_WRONLY, 0600));
	SHOW(syscall(SYS_execve, "plain", args, env));
}

static void signals(void)
{
	struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	pid_t pid = getpid(), tid = syscall(SYS_gettid);
	CHECK(pid == tid && syscall(SYS_getppid) >= 0);
	SHOW(syscall(SYS_kill, pid, SIGUSR1));
	CHECK(got_signal == SIGUSR1);
	got_signal = 0;
	SHOW(syscall(SYS_tkill, tid, SIGUSR1));
	CHECK(got_signal == SIGUSR1);
	got_signal = 0;
	SHOW(syscall(SYS_tgkill, pid, tid, SIGUSR1));
	CHECK(got_signal == SIGUSR1);
	siginfo_t info = {.si_code = SI_QUEUE};
	info.si_value.sival_int = 42;
	SHOW(syscall(SYS_rt_sigqueueinfo, pid, SIGUSR1, &info));
	CHECK(got_value == 42);
	info.si_value.sival_int = 43;
	SHOW(syscall(SYS_rt_tgsigqueueinfo, pid, tid, SIGUSR1, &info));
	CHECK(got_value == 43);
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	CHECK(pidfd >= 0);
	info.si_value.sival_int = 44;
	info.si_signo = SIGUSR1;
	SHOW(syscall(SYS_pidfd_send_signal, pidfd, SIGUSR1, &info, 0));
	CHECK(got_value == 44);
	SHOW(syscall(SYS_pidfd_send_signal, pidfd, 99, NULL, 0));
	SHOW(syscall(SYS_pidfd_send_signal, 0, 0, NULL, 0));
	SHOW(syscall(SYS_pidfd_open, -1, 0));
	SHOW(syscall(SYS_pidfd_open, pid, 1));
	int copy = syscall(SYS_pidfd_getfd, pidfd, 1, 0);
	CHECK(copy >= 0);
	SHOW(syscall(SYS_kcmp, pid, pid, 0, 1L, (long)copy));
	SHOW(syscall(SYS_kcmp, pid, pid, 0, 1L, 99L));
	SHOW(syscall(SYS_kcmp, pid, pid, 99, 0L, 0L));
	SHOW(syscall(SYS_kcmp, -1, pid, 0, 0L, 0L));
	SHOW(syscall(SYS_pidfd_getfd, pidfd, 99, 0));
	SHOW(syscall(SYS_pidfd_getfd, pidfd, 1, 1));
	SHOW(syscall(SYS_process_mrelease, pidfd, 0));
	SHOW(syscall(SYS_process_mrelease, -1, 0));
	SHOW(syscall(SYS_process_mrelease, pidfd, 1));
	close(copy);
	close(pidfd);
	SHOW(syscall(SYS_kill, pid, 99));
	SHOW(syscall(SYS_tkill, -1, SIGUSR1));
	SHOW(syscall(SYS_tkill, tid, 99));
	SHOW(syscall(SYS_tgkill, pid, -1, SIGUSR1));
	SHOW(syscall(SYS_tgkill, pid, tid, -1));
	SHOW(syscall(SYS_rt_sigqueueinfo, pid, 99, &info));
	SHOW(syscall(SYS_rt_sigqueueinfo, pid, SIGUSR1, nowhere));
	SHOW(syscall(SYS_rt_tgsigqueueinfo, pid, 0, SIGUSR1, &info));
	SHOW(syscall(SYS_restart_syscall));
}

static void pending(void)
{
	uint64_t mask = 1ULL << (SIGUSR2 - 1), found = 0;
	struct timespec none = {0, 0}, bad = {0, -1};
	siginfo_t info;
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, &found, 8L));
	SHOW(syscall(SYS_rt_sigprocmask, 99, &mask, NULL, 8L));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 7L));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, nowhere, NULL, 8L));
	SHOW(syscall(SYS_rt_sigtimedwait, &mask, &info, &none, 8L));
	CHECK(kill(getpid(), SIGUSR2) == 0);
	SHOW(syscall(SYS_rt_sigpending, &found, 8L));
	CHECK(found == mask);
	SHOW(syscall(SYS_rt_sigpending, nowhere, 8L));
	SHOW(syscall(SYS_rt_sigtimedwait, &mask, &info, &bad, 8L));
	SHOW(syscall(SYS_rt_sigtimedwait, &mask, &info, NULL, 8L));
	CHECK(info.si_signo == SIGUSR2);
	SHOW(syscall(SYS_rt_sigtimedwait, nowhere, &info, &none, 8L));
	struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
	CHECK(sigaction(SIGUSR2, &action, NULL) == 0 && kill(getpid(), SIGUSR2) == 0);
	uint64_t nothing = 0;
	SHOW(syscall(SYS_rt_sigsuspend, &nothing, 8L));
	CHECK(got_signal == SIGUSR2);
	SHOW(syscall(SYS_rt_sigsuspend, nowhere, 8L));
	SHOW(syscall(SYS_rt_sigsuspend, &nothing, 7L));
	stack_t stack = {.ss_flags = SS_DISABLE}, before;
	SHOW(sigaltstack(NULL, &before));
	SHOW(sigaltstack(&stack, NULL));
	stack.ss_flags = 99;
	SHOW(sigaltstack(&stack, NULL));
	stack = (stack_t){.ss_sp = &stack, .ss_size = 1};
	SHOW(sigaltstack(&stack, NULL));
}

static void groups(void)
{
	SHOW(syscall(SYS_setpgid, 0, 0));
	CHECK(syscall(SYS_getpgid, 0) == getpid());
	SHOW(syscall(SYS_setpgid, 0, -1));
	SHOW(syscall(SYS_setpgid, 1, 0) == -1);
	SHOW(syscall(SYS_getpgid, -1));
	SHOW(syscall(SYS_getsid, -1));
	SHOW(syscall(SYS_setsid));
	CHECK(syscall(SYS_getsid, 0) >= 0);
	char name[16] = {0};
	SHOW(prctl(PR_SET_NAME, "sixteen letters and more", 0, 0, 0));
	SHOW(prctl(PR_GET_NAME, name, 0, 0, 0));
	printf("%s\n", name);
	SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	SHOW(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	SHOW(prctl(PR_GET_NAME, nowhere, 0, 0, 0));
	SHOW(prctl(9999, 0, 0, 0, 0));
	struct rusage usage;
	SHOW(getrusage(RUSAGE_SELF, &usage));
	CHECK(usage.ru_maxrss > 0);
	SHOW(syscall(SYS_getrusage, 99, &usage));
	SHOW(syscall(SYS_getrusage, RUSAGE_SELF, nowhere));
}

static void lists(void)
{
	struct {
		void *next;
		long offset;
		void *pending;
	} head = {&head, 0, NULL};
	SHOW(syscall(SYS_set_robust_list, &head, sizeof head));
	SHOW(syscall(SYS_set_robust_list, &head, 1L));
	void *found = NULL;
	size_t size = 0;
	SHOW(syscall(SYS_get_robust_list, 0, &found, &size));
	CHECK(found == &head && size == sizeof head);
	SHOW(syscall(SYS_get_robust_list, 0, &found, nowhere));
	int word = 1;
	CHECK(syscall(SYS_set_tid_address, &word) == syscall(SYS_gettid));
}

static void waits(void)
{
	siginfo_t info;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0)
		_exit(5);
	SHOW(syscall(SYS_waitid, P_PID, child, &info, WEXITED | WNOWAIT, NULL));
	CHECK(info.si_pid == child && info.si_status == 5);
	int status = 0;
	CHECK(syscall(SYS_wait4, child, &status, 0, NULL) == child && status == 5 << 8);
	SHOW(syscall(SYS_wait4, -1, &status, 0, NULL));
	SHOW(syscall(SYS_wait4, -1, &status, 1 << 20, NULL));
	SHOW(syscall(SYS_waitid, 99, 0, &info, WEXITED, NULL));
	SHOW(syscall(SYS_waitid, P_ALL, 0, &info, 0, NULL));
	SHOW(syscall(SYS_waitid, P_ALL, 0, &info, WEXITED, NULL));
}

int main(void)
{
	children();
	programs();
	signals();
	in_child("pending", pending);
	in_child("groups", groups);
	in_child("lists", lists);
	waits();
	return check_status();
}
