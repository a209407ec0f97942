/* poll, select, epoll, eventfd, timerfd, signalfd, inotify, pipes: waiting for descriptors. */
#include "check.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static void with_poll(void)
{
	int ends[2];
	CHECK(pipe2(ends, O_NONBLOCK) == 0);
	struct pollfd list[] = {{ends[0], POLLIN, 99}, {ends[1], POLLOUT, 0}, {-5, POLLIN, 99}, {1000, POLLIN, 0}};
	CHECK(poll(list, 4, 0) == 2 && list[0].revents == 0 && list[1].revents == POLLOUT && list[2].revents == 0 && list[3].revents == POLLNVAL);
	CHECK(write(ends[1], "x", 1) == 1 && poll(list, 1, -1) == 1 && list[0].revents == POLLIN);
	close(ends[1]);
	CHECK(poll(list, 1, 0) == 1 && list[0].revents == (POLLIN | POLLHUP));
	close(ends[0]);
	CHECK(poll(NULL, 0, 1) == 0 && ppoll(list, 0, &(struct timespec){0, 1000}, NULL) == 0);
	CHECK_ERRNO(ppoll(list, 0, &(struct timespec){-1, 0}, NULL), EINVAL);
	CHECK_ERRNO(poll((void *)16, 1, 0), EFAULT);
}

static void with_select(void)
{
	int ends[2];
	CHECK(pipe(ends) == 0);
	fd_set reading, writing;
	FD_ZERO(&reading);
	FD_ZERO(&writing);
	FD_SET(ends[0], &reading);
	FD_SET(ends[1], &writing);
	struct timeval limit = {5, 0};
	CHECK(select(ends[1] + 1, &reading, &writing, NULL, &limit) == 1 && !FD_ISSET(ends[0], &reading) && FD_ISSET(ends[1], &writing));
	CHECK(write(ends[1], "x", 1) == 1);
	FD_SET(ends[0], &reading);
	CHECK(select(ends[1] + 1, &reading, NULL, NULL, NULL) == 1 && FD_ISSET(ends[0], &reading));
	limit = (struct timeval){0, 2000};
	CHECK(select(0, NULL, NULL, NULL, &limit) == 0);
	CHECK_ERRNO(select(-1, NULL, NULL, NULL, &limit), EINVAL);
	close(ends[0]);
	close(ends[1]);
	FD_ZERO(&reading);
	FD_SET(ends[0], &reading);
	CHECK_ERRNO(select(ends[0] + 1, &reading, NULL, NULL, &limit), EBADF);
}

static void with_epoll(void)
{
	int ends[2], set = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0x123456789abcdef0}, got[3];
	CHECK(set >= 0 && pipe(ends) == 0 && epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event) == 0);
	CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event), EEXIST);
	event = (struct epoll_event){.events = EPOLLOUT, .data.fd = ends[1]};
	CHECK(epoll_ctl(set, EPOLL_CTL_ADD, ends[1], &event) == 0);
	CHECK(epoll_wait(set, got, 3, -1) == 1 && got[0].data.fd == ends[1] && got[0].events == EPOLLOUT);
	CHECK(write(ends[1], "x", 1) == 1 && epoll_wait(set, got, 3, -1) == 2);
	int first = got[0].events == EPOLLIN ? 0 : 1;
	CHECK(got[first].data.u64 == 0x123456789abcdef0 && got[!first].data.fd == ends[1]);
	event = (struct epoll_event){.events = EPOLLIN | EPOLLET | EPOLLONESHOT, .data.u32 = 7};
	CHECK(epoll_ctl(set, EPOLL_CTL_MOD, ends[0], &event) == 0 && epoll_ctl(set, EPOLL_CTL_DEL, ends[1], NULL) == 0);
	CHECK(epoll_wait(set, got, 3, 0) == 1 && got[0].data.u32 == 7 && epoll_wait(set, got, 3, 0) == 0);
	CHECK(epoll_pwait(set, got, 3, 1, NULL) == 0);
	CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_DEL, ends[1], NULL), ENOENT);
	CHECK_ERRNO(epoll_wait(set, got, 0, 0), EINVAL);
	CHECK_ERRNO(epoll_wait(ends[0], got, 1, 0), EINVAL);
	int file = open("regular", O_CREAT | O_RDWR, 0600);
	CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_ADD, file, &event), EPERM);
	close(file);
	unlink("regular");
	close(set);
	close(ends[0]);
	close(ends[1]);
}

static void counters(void)
{
	uint64_t value = 0;
	int fd = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC);
	CHECK(eventfd_write(fd, 4) == 0 && read(fd, &value, 8) == 8 && value == 7);
	CHECK_ERRNO(read(fd, &value, 8), EAGAIN);
	value = UINT64_MAX;
	CHECK_ERRNO(write(fd, &value, 8), EINVAL);
	CHECK_ERRNO(read(fd, &value, 4), EINVAL);
	close(fd);
	fd = eventfd(2, EFD_SEMAPHORE);
	CHECK(eventfd_read(fd, &value) == 0 && value == 1);
	close(fd);
}

static void timers(void)
{
	uint64_t expirations = 0;
	struct itimerspec every = {{0, 5000000}, {0, 5000000}}, now;
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	CHECK(fd >= 0 && timerfd_settime(fd, 0, &every, NULL) == 0 && timerfd_gettime(fd, &now) == 0 && now.it_interval.tv_nsec == 5000000);
	usleep(12000);
	CHECK(read(fd, &expirations, 8) == 8 && expirations >= 2);
	CHECK(poll(&(struct pollfd){fd, POLLIN, 0}, 1, 5000) == 1);
	every = (struct itimerspec){0};
	CHECK(timerfd_settime(fd, 0, &every, &now) == 0);
	close(fd);
}

static void signals(void)
{
	sigset_t set;
	struct signalfd_siginfo info;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	CHECK_ERRNO(read(fd, &info, sizeof info), EAGAIN);
	kill(getpid(), SIGUSR1);
	CHECK(read(fd, &info, sizeof info) == sizeof info && info.ssi_signo == SIGUSR1 && info.ssi_pid == (uint32_t)getpid());
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	close(fd);
}

static void watches(void)
{
	char space[1024] __attribute__((aligned(8)));
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	int watch = inotify_add_watch(fd, ".", IN_CREATE | IN_DELETE | IN_MOVE | IN_CLOSE_WRITE);
	CHECK(fd >= 0 && watch > 0);
	close(open("new", O_CREAT | O_WRONLY, 0600));
	rename("new", "moved");
	unlink("moved");
	ssize_t length = read(fd, space, sizeof space);
	for (ssize_t at = 0; at < length;) {
		struct inotify_event *event = (void *)(space + at);
		CHECK(event->wd == watch);
		printf("%s %x %s; ", event->name, event->mask, event->cookie ? "moved" : "");
		at += (ssize_t)(sizeof *event + event->len);
	}
	putchar('\n');
	CHECK(inotify_rm_watch(fd, watch) == 0);
	CHECK_ERRNO(inotify_rm_watch(fd, watch), EINVAL);
	CHECK_ERRNO(inotify_add_watch(fd, "absent", IN_CREATE), ENOENT);
	close(fd);
}

static void pipes(void)
{
	int ends[2], waiting;
	char full[4096] = {0};
	CHECK(pipe2(ends, O_NONBLOCK) == 0 && fcntl(ends[0], F_SETPIPE_SZ, 4096) == 4096 && fcntl(ends[1], F_GETPIPE_SZ) == 4096);
	CHECK(write(ends[1], full, 4096) == 4096);
	CHECK_ERRNO(write(ends[1], full, 1), EAGAIN);
	CHECK(ioctl(ends[0], FIONREAD, &waiting) == 0 && waiting == 4096);
	CHECK(read(ends[0], full, 4096) == 4096);
	CHECK_ERRNO(read(ends[0], full, 1), EAGAIN);
	int copy = dup(ends[1]), high = fcntl(ends[1], F_DUPFD_CLOEXEC, 100);
	CHECK(copy > 0 && high >= 100 && (fcntl(high, F_GETFD) & FD_CLOEXEC) && !(fcntl(copy, F_GETFD) & FD_CLOEXEC));
	CHECK(dup2(ends[1], 200) == 200 && dup2(200, 200) == 200 && dup3(ends[1], 201, O_CLOEXEC) == 201);
	CHECK_ERRNO(dup3(5, 5, 0), EINVAL);
	CHECK_ERRNO(dup2(-1, 10), EBADF);
	CHECK_ERRNO(dup(999), EBADF);
	CHECK(write(200, "dup", 3) == 3 && read(ends[0], full, 10) == 3);
	int flags = fcntl(ends[0], F_GETFL);
	CHECK((flags & O_NONBLOCK) && fcntl(ends[0], F_SETFL, flags & ~O_NONBLOCK) == 0);
	close(ends[1]);
	close(copy);
	close(high);
	close(200);
	close(201);
	CHECK(read(ends[0], full, 1) == 0);
	CHECK_ERRNO(pipe2(ends, 0x1234567), EINVAL);
	CHECK_ERRNO(pipe((void *)16), EFAULT);
}

int main(void)
{
	with_poll();
	with_select();
	with_epoll();
	counters();
	timers();
	signals();
	watches();
	pipes();
	return check_status();
}
