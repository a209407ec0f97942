// skip-cross: qemu 7.2 has no pidfd_send_signal with siginfo
/* Signals of faults that a thread sends itself look as if the kernel had told of a fault, and are ordinary
 * signals all the same: handled, ignored, kept, waited for. Nobody else may send such ones. */
#include "../libc/check.h"
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CODE = 2 };

static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
static volatile int n_handled;
static siginfo_t last;
static char place;

static void note(int number, siginfo_t *info, void *context)
{
	n_handled += number == info->si_signo;
	last = *info;
}

static siginfo_t made_up(int number)
{
	siginfo_t info;
	memset(&info, 0, sizeof info);
	info.si_signo = number;
	info.si_code = CODE;
	info.si_addr = &place;
	return info;
}

static int send(int way, int pidfd, int number, siginfo_t *info)
{
	switch (way) {
	case 0:
		return syscall(SYS_rt_sigqueueinfo, getpid(), number, info);
	case 1:
		return syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), number, info);
	default:
		return syscall(SYS_pidfd_send_signal, pidfd, number, info, 0);
	}
}

static void act(int number, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	CHECK(sigaction(number, &action, NULL) == 0);
}

static int was_handled(int number, int before)
{
	return n_handled == before + 1 && last.si_code == CODE && last.si_addr == &place && last.si_signo == number;
}

static void handled(int way, int pidfd, int number)
{
	siginfo_t info = made_up(number);
	int before = n_handled;
	act(number, note);
	CHECK(send(way, pidfd, number, &info) == 0 && was_handled(number, before));
	signal(number, SIG_IGN);
	CHECK(send(way, pidfd, number, &info) == 0 && n_handled == before + 1);
}

static void kept(int way, int pidfd, int number)
{
	siginfo_t info = made_up(number), taken;
	const struct timespec none = {0, 0};
	sigset_t set, pending;
	int before = n_handled;
	act(number, note);
	sigemptyset(&set);
	sigaddset(&set, number);
	CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
	CHECK(send(way, pidfd, number, &info) == 0 && n_handled == before);
	CHECK(sigpending(&pending) == 0 && sigismember(&pending, number) == 1);
	CHECK(sigtimedwait(&set, &taken, &none) == number && taken.si_code == CODE);
	CHECK_ERRNO(sigtimedwait(&set, &taken, &none), EAGAIN);
	CHECK(send(way, pidfd, number, &info) == 0);
	CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0 && was_handled(number, before));
}

static void ends(int way, int number)
{
	int status = 0;
	pid_t child = fork();
	if (child == 0) {
		siginfo_t info = made_up(number);
		signal(number, SIG_DFL);
		send(way, syscall(SYS_pidfd_open, getpid(), 0), number, &info);
		_exit(1);
	}
	CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == number);
}

/* What comes from somebody else has to say so. */
static void sent_to_another(int number)
{
	siginfo_t info = made_up(number);
	int ends[2], status;
	char byte;
	CHECK(pipe(ends) == 0);
	pid_t child = fork();
	if (child == 0) {
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) != 0);
	}
	int pidfd = syscall(SYS_pidfd_open, child, 0);
	CHECK_ERRNO(syscall(SYS_rt_sigqueueinfo, child, number, &info), EPERM);
	CHECK_ERRNO(syscall(SYS_rt_tgsigqueueinfo, child, child, number, &info), EPERM);
	CHECK_ERRNO(syscall(SYS_pidfd_send_signal, pidfd, number, &info, 0), EPERM);
	close(ends[0]);
	close(ends[1]);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	close(pidfd);
}

/* Errors come before anything is sent. */
static void bad_arguments(int pidfd)
{
	siginfo_t info = made_up(SIGSEGV);
	CHECK_ERRNO(syscall(SYS_pidfd_send_signal, pidfd, SIGBUS, &info, 0), EINVAL);
	CHECK_ERRNO(syscall(SYS_pidfd_send_signal, pidfd, SIGSEGV, &info, 1U << 31), EINVAL);
	CHECK_ERRNO(syscall(SYS_pidfd_send_signal, -1, SIGSEGV, &info, 0), EBADF);
	CHECK_ERRNO(syscall(SYS_rt_sigqueueinfo, getpid(), 65, &info), EINVAL);
	CHECK_ERRNO(syscall(SYS_rt_sigqueueinfo, getpid(), SIGSEGV, NULL), EFAULT);
	CHECK(syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) == 0);
}

int main(void)
{
	int pidfd = syscall(SYS_pidfd_open, getpid(), 0);
	CHECK(pidfd >= 0);
	for (int way = 0; way < 3; way++)
		for (int i = 0; i < 4; i++) {
			handled(way, pidfd, faults[i]);
			kept(way, pidfd, faults[i]);
			ends(way, faults[i]);
		}
	for (int i = 0; i < 4; i++)
		sent_to_another(faults[i]);
	bad_arguments(pidfd);
	return check_status();
}
