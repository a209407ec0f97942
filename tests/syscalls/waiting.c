// skip-cross: qemu 7.2 has no epoll_pwait2
// calls: epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 select pselect6 poll ppoll
// calls: inotify_init inotify_init1 inotify_add_watch inotify_rm_watch signalfd signalfd4 eventfd eventfd2
// calls: fanotify_init fanotify_mark io_setup io_pgetevents io_destroy
/* Waiting for descriptors and events. */
#include "calls.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <time.h>

static void with_epoll(void)
{
	int counter = syscall(SYS_eventfd, 3), epoll = syscall(SYS_epoll_create, 1);
	CHECK(counter >= 0 && epoll >= 0);
	struct epoll_event event = {EPOLLIN | EPOLLET, {.u64 = 0x1122334455667788}}, got[4];
	SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, counter, &event));
	SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, counter, &event));
	SHOW(syscall(SYS_epoll_wait, epoll, got, 4, 1000));
	printf("%#x %#llx\n", got[0].events, (unsigned long long)got[0].data.u64);
	SHOW(syscall(SYS_epoll_wait, epoll, got, 4, 0));
	event.events = EPOLLOUT;
	SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_MOD, counter, &event));
	SHOW(syscall(SYS_epoll_pwait, epoll, got, 4, 1000, NULL, 8L));
	struct timespec limit = {0, 1}, bad = {0, -1};
	uint64_t mask = 0;
	SHOW(syscall(SYS_epoll_pwait2, epoll, got, 4, &limit, &mask, 8L));
	SHOW(syscall(SYS_epoll_pwait2, epoll, got, 4, &bad, NULL, 8L));
	SHOW(syscall(SYS_epoll_pwait2, epoll, got, 4, nowhere, NULL, 8L));
	SHOW(syscall(SYS_epoll_pwait2, epoll, got, 4, &limit, &mask, 7L));
	SHOW(syscall(SYS_epoll_pwait, epoll, got, 4, 0, &mask, 7L));
	SHOW(syscall(SYS_epoll_wait, epoll, got, 0, 0));
	SHOW(syscall(SYS_epoll_wait, epoll, nowhere, 1, 0));
	SHOW(syscall(SYS_epoll_wait, counter, got, 1, 0));
	SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_DEL, counter, NULL));
	SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_DEL, counter, NULL));
	SHOW(syscall(SYS_epoll_ctl, epoll, 9, counter, &event));
	SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, epoll, &event));
	SHOW(syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, counter, nowhere));
	SHOW(syscall(SYS_epoll_create, 0));
	SHOW(syscall(SYS_epoll_create1, 1));
	CHECK(close(syscall(SYS_epoll_create1, O_CLOEXEC)) == 0);
	uint64_t count = 0;
	SHOW(read(counter, &count, 8));
	printf("count %d\n", (int)count);
	CHECK(close(counter) == 0 && close(epoll) == 0);
	int semaphore = syscall(SYS_eventfd2, 2, 1 | O_NONBLOCK);
	for (int i = 0; i < 3; i++)
		SHOW(read(semaphore, &count, 8));
	SHOW(syscall(SYS_eventfd2, 0, 99));
	close(semaphore);
}

static void with_sets(void)
{
	int ends[2];
	CHECK(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
	fd_set readers, writers;
	FD_ZERO(&readers);
	FD_ZERO(&writers);
	FD_SET(ends[0], &readers);
	FD_SET(ends[1], &writers);
	struct timeval no_time = {0, 0}, bad_time = {0, -1};
	SHOW(syscall(SYS_select, ends[1] + 1, &readers, &writers, NULL, &no_time));
	printf("%d %d\n", FD_ISSET(ends[0], &readers) != 0, FD_ISSET(ends[1], &writers) != 0);
	SHOW(syscall(SYS_select, -1, NULL, NULL, NULL, &no_time));
	SHOW(syscall(SYS_select, 1, nowhere, NULL, NULL, &no_time));
	SHOW(syscall(SYS_select, 0, NULL, NULL, NULL, &bad_time));
	SHOW(syscall(SYS_select, 0, NULL, NULL, NULL, nowhere));
	struct timespec none = {0, 0};
	FD_SET(ends[0], &readers);
	SHOW(syscall(SYS_pselect6, ends[0] + 1, &readers, NULL, NULL, &none, NULL));
	SHOW(syscall(SYS_pselect6, -1, NULL, NULL, NULL, &none, NULL));
	SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, nowhere, NULL));
	struct pollfd polled[2] = {{ends[0], POLLIN | POLLOUT, 0}, {99, POLLIN, 0}};
	SHOW(syscall(SYS_poll, polled, 2UL, 0));
	printf("%#x %#x\n", polled[0].revents, polled[1].revents);
	SHOW(syscall(SYS_poll, nowhere, 1UL, 0));
	SHOW(syscall(SYS_poll, NULL, 0UL, 0));
	SHOW(syscall(SYS_ppoll, polled, 1UL, &none, NULL, 8L));
	SHOW(syscall(SYS_ppoll, polled, 1UL, nowhere, NULL, 8L));
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void with_inotify(void)
{
	char buffer[512];
	int notices = syscall(SYS_inotify_init);
	int watch = syscall(SYS_inotify_add_watch, notices, ".", IN_CREATE);
	SHOW(watch);
	close(open("new", O_CREAT | O_WRONLY, 0600));
	SHOW(read(notices, buffer, sizeof buffer));
	struct inotify_event *event = (void *)buffer;
	printf("%#x %s\n", event->mask, event->name);
	SHOW(syscall(SYS_inotify_rm_watch, notices, watch));
	SHOW(syscall(SYS_inotify_rm_watch, notices, watch));
	SHOW(syscall(SYS_inotify_add_watch, notices, "missing", IN_CREATE));
	SHOW(syscall(SYS_inotify_add_watch, notices, nowhere, IN_CREATE));
	SHOW(syscall(SYS_inotify_add_watch, notices, ".", 0));
	SHOW(syscall(SYS_inotify_init1, 1));
	close(notices);
	notices = syscall(SYS_inotify_init1, O_NONBLOCK);
	SHOW(read(notices, buffer, sizeof buffer));
	close(notices);
}

static void with_fanotify(void)
{
	/* Needs the right to administer; without it each answer is an error. */
	int notices = syscall(SYS_fanotify_init, O_NONBLOCK, O_RDONLY);
	SHOW_ERROR(notices);
	SHOW(syscall(SYS_fanotify_init, 0, 99 << 20));
	SHOW(syscall(SYS_fanotify_init, 1U << 31, 0));
	SHOW(syscall(SYS_fanotify_mark, notices, 1, 0x20ULL, AT_FDCWD, "new"));
	close(open("new", O_RDONLY));
	unsigned char event[24] = {0};
	SHOW(read(notices, event, sizeof event));
	printf("length %d, version %d, mask %#x\n", event[0], event[4], event[8]);
	SHOW(syscall(SYS_fanotify_mark, notices, 2, 0x20ULL, AT_FDCWD, "new"));
	SHOW(syscall(SYS_fanotify_mark, notices, 2, 0x20ULL, AT_FDCWD, "new"));
	SHOW(syscall(SYS_fanotify_mark, notices, 1, 0x20ULL, AT_FDCWD, "missing"));
	SHOW(syscall(SYS_fanotify_mark, notices, 1, 0x20ULL, AT_FDCWD, nowhere));
	SHOW(syscall(SYS_fanotify_mark, notices, 0, 0x20ULL, AT_FDCWD, "new"));
	SHOW(syscall(SYS_fanotify_mark, -1, 1, 0x20ULL, AT_FDCWD, "new"));
}

static void with_signals(void)
{
	uint64_t mask = 1ULL << (SIGUSR1 - 1);
	CHECK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 8L) == 0);
	int fd = syscall(SYS_signalfd, -1, &mask, 8L);
	CHECK(fd >= 0 && kill(getpid(), SIGUSR1) == 0);
	unsigned char info[128] = {0};
	SHOW(read(fd, info, sizeof info));
	printf("signal %d\n", info[0]);
	SHOW(syscall(SYS_signalfd4, fd, &mask, 8L, O_NONBLOCK) == fd);
	SHOW(syscall(SYS_signalfd4, -1, &mask, 7L, 0));
	SHOW(syscall(SYS_signalfd4, -1, &mask, 8L, 99));
	SHOW(syscall(SYS_signalfd4, -1, nowhere, 8L, 0));
	SHOW(syscall(SYS_signalfd4, 0, &mask, 8L, 0));
	SHOW(syscall(SYS_signalfd, -1, &mask, 4L));
	int other = syscall(SYS_signalfd4, -1, &mask, 8L, O_NONBLOCK);
	SHOW(read(other, info, sizeof info));
}

static void with_asynchronous_io(void)
{
	unsigned long context = 0;
	struct timespec none = {0, 0};
	char events[64];
	SHOW(syscall(SYS_io_setup, 4, &context));
	SHOW(syscall(SYS_io_pgetevents, context, 0L, 1L, events, &none, NULL));
	SHOW(syscall(SYS_io_pgetevents, context, 2L, 1L, events, &none, NULL));
	SHOW(syscall(SYS_io_pgetevents, context, 0L, 1L, events, nowhere, NULL));
	SHOW(syscall(SYS_io_destroy, context));
	SHOW(syscall(SYS_io_destroy, context));
	SHOW(syscall(SYS_io_pgetevents, 1UL, 0L, 1L, events, &none, NULL));
}

int main(void)
{
	with_epoll();
	with_sets();
	with_inotify();
	with_fanotify();
	with_signals();
	with_asynchronous_io();
	return check_status();
}
