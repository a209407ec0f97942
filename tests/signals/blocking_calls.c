// skip-cross: qemu 7.2 has no epoll_pwait2, and loses the type of a message that does not come
/* Every call that blocks, interrupted by a handled signal, with and without SA_RESTART: whether it
   answers EINTR or goes on is printed, and has to be what the kernel does to a native program. */
#include "../libc/check.h"
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pty.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_LOCK_PI = 6, FUTEX_UNLOCK_PI = 7, FUTEX_WAIT_BITSET = 9 };
#define FUTEX_BITSET_MATCH_ANY (-1)

/* How long the signal, and after it the end of the wait, keep the call waiting. */
#define PAUSE_NS 25000000L

union semun {
	int value;
	void *buffer;
};

struct shared {
	/* How often the handler ran; the helper may end a call only after that. */
	volatile int handled;
	atomic_int word, owned;
	sem_t semaphore;
};

static struct shared *shared;
static int pipe_fds[2], full_pipe[2], pair[2], full_pair[2], event_fd, master, slave;
static int listener, busy_listener, epoll_fd, timer_fd, queue_id, full_queue_id, semaphores;
static int inotify_fd, signal_fd, teed[2];
static unsigned long aio_context;
static mqd_t mail, full_mail;
static char lock_path[] = "/tmp/wali-lock-XXXXXX";
static char fifo_path[64];
static struct sockaddr_un busy_address;
static socklen_t busy_size;
static volatile sig_atomic_t handled;
static pid_t helper;

static void on_signal(int number)
{
	(void)number;
	handled++;
	shared->handled++;
}

static void nap(long ns)
{
	struct timespec left = {0, ns};
	while (nanosleep(&left, &left) < 0)
		;
}

static char byte[1];
static const struct timespec a_while = {5, 0};

/* The calls. Each returns what the system call does. */

static void drain(int fd)
{
	char page[4096];
	int flags = fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	while (read(fd, page, sizeof page) > 0)
		;
	fcntl(fd, F_SETFL, flags);
}

static long call_read_pipe(void) { return read(pipe_fds[0], byte, 1); }
static long call_read_tty(void) { return read(slave, byte, 1); }
static long call_read_event(void)
{
	uint64_t count;
	return read(event_fd, &count, sizeof count);
}
static long call_read_timer(void)
{
	uint64_t count;
	return read(timer_fd, &count, sizeof count);
}
static long call_readv(void)
{
	struct iovec part = {byte, 1};
	return readv(pipe_fds[0], &part, 1);
}
static long call_write_pipe(void)
{
	static char page[4096];
	return write(full_pipe[1], page, sizeof page) > 0 ? 1 : -1;
}
static long call_open_fifo(void)
{
	int fd = open(fifo_path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 0 : -1;
}
static long call_recv(void) { return recv(pair[0], byte, 1, 0); }
static long call_recvfrom(void)
{
	struct sockaddr_storage from;
	socklen_t size = sizeof from;
	return recvfrom(pair[0], byte, 1, 0, (struct sockaddr *)&from, &size);
}
static long call_recvmsg(void)
{
	struct iovec part = {byte, 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	return recvmsg(pair[0], &message, 0);
}
static long call_recv_with_timeout(void)
{
	struct timeval limit = {5, 0}, none = {0, 0};
	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	long result = recv(pair[0], byte, 1, 0);
	int code = errno;
	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &none, sizeof none);
	errno = code;
	return result;
}
static long call_send(void)
{
	static char page[4096];
	return send(full_pair[0], page, sizeof page, 0) > 0 ? 1 : -1;
}
static long call_accept(void)
{
	int fd = accept(listener, NULL, NULL);
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 0 : -1;
}
static long call_connect(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	long result = connect(fd, (struct sockaddr *)&busy_address, busy_size);
	int code = errno;
	close(fd);
	errno = code;
	return result;
}
static long call_poll(void)
{
	struct pollfd fds = {pipe_fds[0], POLLIN, 0};
	return poll(&fds, 1, 5000);
}
static long call_ppoll(void)
{
	struct pollfd fds = {pipe_fds[0], POLLIN, 0};
	return ppoll(&fds, 1, &a_while, NULL);
}
static long call_select(void)
{
	fd_set set;
	struct timeval limit = {5, 0};
	FD_ZERO(&set);
	FD_SET(pipe_fds[0], &set);
	return select(pipe_fds[0] + 1, &set, NULL, NULL, &limit);
}
static long call_pselect(void)
{
	fd_set set;
	sigset_t none;
	sigemptyset(&none);
	FD_ZERO(&set);
	FD_SET(pipe_fds[0], &set);
	return pselect(pipe_fds[0] + 1, &set, NULL, NULL, &a_while, &none);
}
static long call_epoll_wait(void)
{
	struct epoll_event event;
	return epoll_wait(epoll_fd, &event, 1, 5000);
}
static long call_epoll_pwait(void)
{
	struct epoll_event event;
	sigset_t none;
	sigemptyset(&none);
	return epoll_pwait(epoll_fd, &event, 1, 5000, &none);
}
static long call_nanosleep(void)
{
	struct timespec wanted = {0, 36 * PAUSE_NS}, left = {9, 9};
	long result = nanosleep(&wanted, &left);
	if (result < 0)
		CHECK(left.tv_sec == 0 && left.tv_nsec > PAUSE_NS && left.tv_nsec <= 36 * PAUSE_NS);
	return result;
}
static long call_clock_nanosleep_until(void)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 36 * PAUSE_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	return errno ? -1 : 0;
}
static long call_pause(void) { return pause(); }
static long call_sigsuspend(void)
{
	sigset_t none;
	sigemptyset(&none);
	return sigsuspend(&none);
}
static long call_sigtimedwait(void)
{
	sigset_t other;
	sigemptyset(&other);
	sigaddset(&other, SIGUSR2);
	return syscall(SYS_rt_sigtimedwait, &other, NULL, &a_while, 8);
}
static long call_sem_wait(void) { return sem_wait(&shared->semaphore); }
static long call_futex_wait(void) { return syscall(SYS_futex, &shared->word, FUTEX_WAIT, 0, NULL); }
static long call_futex_wait_for(void)
{
	return syscall(SYS_futex, &shared->word, FUTEX_WAIT, 0, &a_while);
}
static long call_futex_wait_until(void)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 5;
	return syscall(SYS_futex, &shared->word, FUTEX_WAIT_BITSET, 0, &until, NULL,
		       FUTEX_BITSET_MATCH_ANY);
}
static long call_flock(void)
{
	int fd = open(lock_path, O_RDWR | O_CLOEXEC);
	long result = flock(fd, LOCK_EX);
	int code = errno;
	close(fd);
	errno = code;
	return result;
}
static long lock_region(int command)
{
	int fd = open(lock_path, O_RDWR | O_CLOEXEC);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	long result = fcntl(fd, command, &lock);
	int code = errno;
	close(fd);
	errno = code;
	return result;
}
static long call_setlkw(void) { return lock_region(F_SETLKW); }
static long call_ofd_setlkw(void) { return lock_region(F_OFD_SETLKW); }
static long call_wait4(void)
{
	int status;
	pid_t pid = waitpid(helper, &status, 0);
	if (pid == helper)
		helper = 0;
	return pid > 0 ? 0 : -1;
}
static long call_waitid(void)
{
	siginfo_t info;
	return waitid(P_PID, helper, &info, WEXITED | WNOWAIT);
}
struct mail_box {
	long type;
	char text[4096];
};
static struct mail_box letter = {1, ""};
static long call_msgrcv(void) { return msgrcv(queue_id, &letter, 1, 0, 0); }
static long call_msgsnd(void) { return msgsnd(full_queue_id, &letter, sizeof letter.text, 0); }
static long call_semop(void)
{
	struct sembuf take = {0, -1, 0};
	return semop(semaphores, &take, 1);
}
static long call_semtimedop(void)
{
	struct sembuf take = {0, -1, 0};
	return semtimedop(semaphores, &take, 1, &a_while);
}
static long call_mq_receive(void) { return mq_receive(mail, letter.text, 64, NULL); }
static long call_mq_timedreceive(void)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 5;
	return mq_timedreceive(mail, letter.text, 64, NULL, &until);
}
static long call_splice(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	long result = splice(pipe_fds[0], NULL, null, NULL, 1, 0);
	int code = errno;
	close(null);
	errno = code;
	return result;
}

static long call_read_inotify(void)
{
	char event[sizeof(struct inotify_event) + 256];
	return read(inotify_fd, event, sizeof event) > 0 ? 1 : -1;
}
static long call_read_signal(void)
{
	struct signalfd_siginfo info;
	return read(signal_fd, &info, sizeof info);
}
static long call_writev(void)
{
	static char page[4096];
	struct iovec part = {page, sizeof page};
	return writev(full_pipe[1], &part, 1) > 0 ? 1 : -1;
}
static long call_sendmsg(void)
{
	static char page[4096];
	struct iovec part = {page, sizeof page};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	return sendmsg(full_pair[0], &message, 0) > 0 ? 1 : -1;
}
static long with_timeout(int fd, int option, long (*call)(void))
{
	struct timeval limit = {5, 0}, none = {0, 0};
	setsockopt(fd, SOL_SOCKET, option, &limit, sizeof limit);
	long result = call();
	int code = errno;
	setsockopt(fd, SOL_SOCKET, option, &none, sizeof none);
	errno = code;
	return result;
}
static long call_send_with_timeout(void)
{
	return with_timeout(full_pair[0], SO_SNDTIMEO, call_send);
}
static long call_accept_with_timeout(void)
{
	return with_timeout(listener, SO_RCVTIMEO, call_accept);
}
static long call_recvmmsg(void)
{
	struct iovec part = {byte, 1};
	struct mmsghdr message = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};
	return recvmmsg(pair[0], &message, 1, 0, NULL);
}
static long call_epoll_pwait2(void)
{
	struct epoll_event event;
	return syscall(SYS_epoll_pwait2, epoll_fd, &event, 1, &a_while, NULL, 8);
}
static long call_nanosleep_on_clock(void)
{
	struct timespec time = {0, 36 * PAUSE_NS}, left;
	int code = clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &left);
	errno = code;
	return code ? -1 : 0;
}
static long call_sigtimedwait_for_ever(void)
{
	sigset_t other;
	siginfo_t info;
	sigemptyset(&other);
	sigaddset(&other, SIGUSR2);
	return syscall(SYS_rt_sigtimedwait, &other, &info, NULL, 8);
}
static long call_futex_lock_pi(void)
{
	long result = syscall(SYS_futex, &shared->owned, FUTEX_LOCK_PI, 0, NULL);
	int code = errno;
	if (result == 0)
		syscall(SYS_futex, &shared->owned, FUTEX_UNLOCK_PI, 0);
	errno = code;
	return result;
}
static long call_mq_send(void) { return mq_send(full_mail, letter.text, 64, 0); }
static long call_mq_timedsend(void)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 5;
	return mq_timedsend(full_mail, letter.text, 64, 0, &until);
}
static long call_tee(void)
{
	long result = tee(pipe_fds[0], teed[1], 1, 0);
	int code = errno;
	drain(teed[0]);
	errno = code;
	return result;
}
static long call_vmsplice(void)
{
	static char page[4096];
	struct iovec part = {page, sizeof page};
	return vmsplice(full_pipe[1], &part, 1, 0) > 0 ? 1 : -1;
}
static long call_io_getevents(void)
{
	char events[64];
	return syscall(SYS_io_getevents, aio_context, 1L, 1L, events, &a_while);
}

/* What ends the waits; run by the helper. */

static void end_nothing(void) {}
static void end_pipe(void) { write(pipe_fds[1], "x", 1); }
static void end_tty(void) { write(master, "x\n", 2); }
static void end_event(void) { eventfd_write(event_fd, 1); }
static void end_timer(void)
{
	struct itimerspec soon = {{0, 0}, {0, 1}};
	timerfd_settime(timer_fd, 0, &soon, NULL);
}
static void end_full_pipe(void)
{
	static char page[65536];
	read(full_pipe[0], page, sizeof page);
}
static void end_fifo(void) { close(open(fifo_path, O_WRONLY | O_NONBLOCK)); }
static void end_pair(void) { write(pair[1], "x", 1); }
static void end_full_pair(void)
{
	static char page[65536];
	for (int i = 0; i < 16; i++)
		recv(full_pair[1], page, sizeof page, MSG_DONTWAIT);
}
static void end_accept(void)
{
	struct sockaddr_un address;
	socklen_t size = sizeof address;
	getsockname(listener, (struct sockaddr *)&address, &size);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	connect(fd, (struct sockaddr *)&address, size);
	nap(PAUSE_NS);
}
static void end_connect(void) { close(accept(busy_listener, NULL, NULL)); }
static void end_semaphore(void) { sem_post(&shared->semaphore); }
static void end_futex(void)
{
	syscall(SYS_futex, &shared->word, FUTEX_WAKE, 1);
}
static void end_signal(void) { kill(getppid(), SIGUSR2); }
static void end_msgrcv(void) { msgsnd(queue_id, &letter, 1, 0); }
static void end_msgsnd(void) { msgrcv(full_queue_id, &letter, sizeof letter.text, 0, 0); }
static void end_semop(void)
{
	struct sembuf give = {0, 1, 0};
	semop(semaphores, &give, 1);
}
static void end_mail(void) { mq_send(mail, "x", 1, 0); }

static void end_inotify(void)
{
	int fd = open(lock_path, O_WRONLY);
	write(fd, "x", 1);
}
static void end_pi(void) { syscall(SYS_futex, &shared->owned, FUTEX_UNLOCK_PI, 0); }
static void end_full_mail(void) { mq_receive(full_mail, letter.text, 64, NULL); }

/* What the helper holds while the call waits. */

static void hold_nothing(void) {}
static void hold_flock(void) { flock(open(lock_path, O_RDWR), LOCK_EX); }
static void hold_region(void)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	fcntl(open(lock_path, O_RDWR), F_SETLK, &lock);
}

static void hold_pi(void) { syscall(SYS_futex, &shared->owned, FUTEX_LOCK_PI, 0, NULL); }

static const struct test {
	const char *name;
	long (*call)(void);
	void (*end)(void);
	void (*hold)(void);
} tests[] = {
	{"read from a pipe", call_read_pipe, end_pipe, hold_nothing},
	{"read from a terminal", call_read_tty, end_tty, hold_nothing},
	{"read from an eventfd", call_read_event, end_event, hold_nothing},
	{"read from a timerfd", call_read_timer, end_timer, hold_nothing},
	{"readv", call_readv, end_pipe, hold_nothing},
	{"write to a full pipe", call_write_pipe, end_full_pipe, hold_nothing},
	{"open of a FIFO", call_open_fifo, end_fifo, hold_nothing},
	{"recv", call_recv, end_pair, hold_nothing},
	{"recvfrom", call_recvfrom, end_pair, hold_nothing},
	{"recvmsg", call_recvmsg, end_pair, hold_nothing},
	{"recv with SO_RCVTIMEO", call_recv_with_timeout, end_pair, hold_nothing},
	{"send to a full socket", call_send, end_full_pair, hold_nothing},
	{"accept", call_accept, end_accept, hold_nothing},
	{"connect", call_connect, end_connect, hold_nothing},
	{"poll", call_poll, end_pipe, hold_nothing},
	{"ppoll", call_ppoll, end_pipe, hold_nothing},
	{"select", call_select, end_pipe, hold_nothing},
	{"pselect", call_pselect, end_pipe, hold_nothing},
	{"epoll_wait", call_epoll_wait, end_pipe, hold_nothing},
	{"epoll_pwait", call_epoll_pwait, end_pipe, hold_nothing},
	{"nanosleep", call_nanosleep, end_nothing, hold_nothing},
	{"clock_nanosleep until", call_clock_nanosleep_until, end_nothing, hold_nothing},
	{"pause", call_pause, end_nothing, hold_nothing},
	{"sigsuspend", call_sigsuspend, end_nothing, hold_nothing},
	{"sigtimedwait", call_sigtimedwait, end_signal, hold_nothing},
	{"sem_wait", call_sem_wait, end_semaphore, hold_nothing},
	{"futex wait", call_futex_wait, end_futex, hold_nothing},
	{"futex wait for a time", call_futex_wait_for, end_futex, hold_nothing},
	{"futex wait until a time", call_futex_wait_until, end_futex, hold_nothing},
	{"flock", call_flock, end_nothing, hold_flock},
	{"fcntl F_SETLKW", call_setlkw, end_nothing, hold_region},
	{"fcntl F_OFD_SETLKW", call_ofd_setlkw, end_nothing, hold_region},
	{"wait4", call_wait4, end_nothing, hold_nothing},
	{"waitid", call_waitid, end_nothing, hold_nothing},
	{"msgrcv", call_msgrcv, end_msgrcv, hold_nothing},
	{"msgsnd", call_msgsnd, end_msgsnd, hold_nothing},
	{"semop", call_semop, end_semop, hold_nothing},
	{"semtimedop", call_semtimedop, end_semop, hold_nothing},
	{"mq_receive", call_mq_receive, end_mail, hold_nothing},
	{"mq_timedreceive", call_mq_timedreceive, end_mail, hold_nothing},
	{"splice", call_splice, end_pipe, hold_nothing},
	{"read from inotify", call_read_inotify, end_inotify, hold_nothing},
	{"read from a signalfd", call_read_signal, end_signal, hold_nothing},
	{"writev to a full pipe", call_writev, end_full_pipe, hold_nothing},
	{"sendmsg to a full socket", call_sendmsg, end_full_pair, hold_nothing},
	{"send with SO_SNDTIMEO", call_send_with_timeout, end_full_pair, hold_nothing},
	{"accept with SO_RCVTIMEO", call_accept_with_timeout, end_accept, hold_nothing},
	{"recvmmsg", call_recvmmsg, end_pair, hold_nothing},
	{"epoll_pwait2", call_epoll_pwait2, end_pipe, hold_nothing},
	{"clock_nanosleep", call_nanosleep_on_clock, end_nothing, hold_nothing},
	{"sigtimedwait for ever", call_sigtimedwait_for_ever, end_signal, hold_nothing},
	{"futex lock with inheritance", call_futex_lock_pi, end_pi, hold_pi},
	{"mq_send", call_mq_send, end_full_mail, hold_nothing},
	{"mq_timedsend", call_mq_timedsend, end_full_mail, hold_nothing},
	{"tee", call_tee, end_pipe, hold_nothing},
	{"vmsplice", call_vmsplice, end_full_pipe, hold_nothing},
	{"io_getevents", call_io_getevents, end_nothing, hold_nothing},
};

static void fill(int fd)
{
	static char page[4096];
	int flags = fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	while (write(fd, page, sizeof page) > 0)
		;
	fcntl(fd, F_SETFL, flags);
}

/* Puts everything into the state in which the calls wait. */
static void make_wait(void)
{
	struct mq_attr patiently = {0}, at_once = {.mq_flags = O_NONBLOCK};
	drain(pipe_fds[0]);
	drain(pair[0]);
	drain(event_fd);
	drain(slave);
	fill(full_pipe[1]);
	fill(full_pair[0]);
	/* A queue that is empty again waits again. */
	mq_setattr(mail, &at_once, NULL);
	while (mq_receive(mail, letter.text, 64, NULL) > 0)
		;
	mq_setattr(mail, &patiently, NULL);
	mq_setattr(full_mail, &at_once, NULL);
	while (mq_send(full_mail, letter.text, 64, 0) == 0)
		;
	mq_setattr(full_mail, &patiently, NULL);
	drain(inotify_fd);
	atomic_store(&shared->owned, 0);
	while (msgrcv(queue_id, &letter, sizeof letter.text, 0, IPC_NOWAIT) >= 0)
		;
	while (msgsnd(full_queue_id, &letter, sizeof letter.text, IPC_NOWAIT) == 0)
		;
	semctl(semaphores, 0, SETVAL, (union semun){0});
	while (sem_trywait(&shared->semaphore) == 0)
		;
	static const struct timespec now;
	sigset_t other;
	sigemptyset(&other);
	sigaddset(&other, SIGUSR2);
	while (sigtimedwait(&other, NULL, &now) > 0)
		;
	struct itimerspec far = {{0, 0}, {60, 0}};
	timerfd_settime(timer_fd, 0, &far, NULL);
	int fd;
	int flags = fcntl(listener, F_GETFL);
	fcntl(listener, F_SETFL, flags | O_NONBLOCK);
	while ((fd = accept(listener, NULL, NULL)) >= 0)
		close(fd);
	fcntl(listener, F_SETFL, flags);
	/* Descriptors that are not accepted fill the queue; the test ends before they run out. */
	while (connect(fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
		       (struct sockaddr *)&busy_address, busy_size) == 0)
		;
	close(fd);
}

/* Returns when the parent sleeps: `nap` alone is too short on a busy machine. */
static void await_sleep(void)
{
	char path[32], text[128];
	snprintf(path, sizeof path, "/proc/%d/stat", getppid());
	for (;;) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t size = read(fd, text, sizeof text - 1);
		close(fd);
		if (size <= 0)
			return;
		text[size] = 0;
		const char *state = strrchr(text, ')');
		if (state && state[2] == 'S')
			return;
		nap(PAUSE_NS / 10);
	}
}

static void run(const struct test *test, int flags)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};
	int ready[2];
	char go;
	sigaction(SIGUSR1, &action, NULL);
	make_wait();
	handled = 0;
	shared->handled = 0;
	pipe2(ready, O_CLOEXEC);
	helper = fork();
	if (helper == 0) {
		signal(SIGUSR1, SIG_IGN);
		test->hold();
		write(ready[1], "x", 1);
		nap(PAUSE_NS);
		await_sleep();
		kill(getppid(), SIGUSR1);
		for (int i = 0; i < 200 && !shared->handled; i++)
			nap(PAUSE_NS);
		nap(PAUSE_NS);
		test->end();
		_exit(0);
	}
	read(ready[0], &go, 1);
	errno = 0;
	long result = test->call();
	int code = errno;
	printf("%s, %s: ", test->name, flags ? "SA_RESTART" : "plain");
	if (result < 0)
		printf("-1, %s, ", strerror(code));
	else
		printf("%ld, ", result);
	printf("%d handled\n", (int)handled);
	if (helper)
		while (waitpid(helper, NULL, 0) < 0 && errno == EINTR)
			;
	close(ready[0]);
	close(ready[1]);
}

static int unix_listener(struct sockaddr_un *address, socklen_t *size, int backlog)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	sa_family_t family = AF_UNIX;
	*size = sizeof *address;
	bind(fd, (struct sockaddr *)&family, sizeof family);
	listen(fd, backlog);
	getsockname(fd, (struct sockaddr *)address, size);
	return fd;
}

static void open_everything(void)
{
	struct sockaddr_un address;
	socklen_t size;
	struct termios raw;
	struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 64};
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(shared != MAP_FAILED);
	CHECK(sem_init(&shared->semaphore, 1, 0) == 0);
	CHECK(pipe2(pipe_fds, O_CLOEXEC) == 0 && pipe2(full_pipe, O_CLOEXEC) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, full_pair) == 0);
	CHECK((event_fd = eventfd(0, EFD_CLOEXEC)) >= 0);
	CHECK((timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) >= 0);
	CHECK(openpty(&master, &slave, NULL, NULL, NULL) == 0);
	tcgetattr(slave, &raw);
	raw.c_lflag &= ~ECHO;
	tcsetattr(slave, TCSANOW, &raw);
	listener = unix_listener(&address, &size, 8);
	busy_listener = unix_listener(&busy_address, &busy_size, 0);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = {.events = EPOLLIN};
	CHECK(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, pipe_fds[0], &event) == 0);
	CHECK((queue_id = msgget(IPC_PRIVATE, 0600)) >= 0);
	CHECK((full_queue_id = msgget(IPC_PRIVATE, 0600)) >= 0);
	CHECK((semaphores = semget(IPC_PRIVATE, 1, 0600)) >= 0);
	char name[32];
	snprintf(name, sizeof name, "/wali-%d", getpid());
	CHECK((mail = mq_open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600, &attributes)) != -1);
	mq_unlink(name);
	CHECK((full_mail = mq_open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600, &attributes)) != -1);
	mq_unlink(name);
	close(mkstemp(lock_path));
	snprintf(fifo_path, sizeof fifo_path, "%s.fifo", lock_path);
	CHECK(mkfifo(fifo_path, 0600) == 0);
	CHECK((inotify_fd = inotify_init1(IN_CLOEXEC)) >= 0);
	CHECK(inotify_add_watch(inotify_fd, lock_path, IN_MODIFY) >= 0);
	sigset_t other;
	sigemptyset(&other);
	sigaddset(&other, SIGUSR2);
	CHECK((signal_fd = signalfd(-1, &other, SFD_CLOEXEC)) >= 0);
	CHECK(pipe2(teed, O_CLOEXEC) == 0);
	CHECK(syscall(SYS_io_setup, 1L, &aio_context) == 0);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGUSR2, SIG_IGN);
	sigset_t other;
	sigemptyset(&other);
	sigaddset(&other, SIGUSR2);
	sigprocmask(SIG_BLOCK, &other, NULL);
	signal(SIGUSR2, SIG_DFL);
	open_everything();
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
		for (int restart = 0; restart < 2; restart++)
			run(&tests[i], restart ? SA_RESTART : 0);
	msgctl(queue_id, IPC_RMID, NULL);
	msgctl(full_queue_id, IPC_RMID, NULL);
	semctl(semaphores, 0, IPC_RMID);
	unlink(lock_path);
	unlink(fifo_path);
	return check_status();
}
