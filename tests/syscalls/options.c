// skip-cross: qemu 7.2 does not know all options of prctl and of sockets
// calls: fcntl ioctl prctl setsockopt getsockopt
/* Calls whose arguments are numbers or addresses as an option says: fcntl, ioctl, prctl, setsockopt. */
#include "../libc/check.h"
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* linux/filter.h, which is no header of a C library's. */
struct sock_filter {
	unsigned short code;
	unsigned char jt, jf;
	unsigned k;
};

struct sock_fprog {
	unsigned short len;
	struct sock_filter *filter;
};

enum { BPF_RET_K = 6 };

static void *volatile nowhere = (void *)16;

static void fcntl_commands(void)
{
	int ends[2], file = open("file", O_CREAT | O_RDWR, 0600);
	CHECK(pipe(ends) == 0 && ftruncate(file, 100) == 0);
	CHECK(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 && fcntl(ends[0], F_GETFL) == O_NONBLOCK);
	CHECK(fcntl(ends[0], F_SETPIPE_SZ, 65536) == 65536 && fcntl(ends[0], F_GETPIPE_SZ) == 65536);
	CHECK_ERRNO(fcntl(ends[0], F_DUPFD, -1), EINVAL);
	CHECK(fcntl(file, F_SETOWN, getpid()) == 0 && fcntl(file, F_GETOWN) == getpid());
	struct f_owner_ex owner = {F_OWNER_PID, getpid()}, read_owner = {0};
	CHECK(fcntl(ends[0], F_SETOWN_EX, &owner) == 0 && fcntl(ends[0], F_GETOWN_EX, &read_owner) == 0);
	CHECK(read_owner.type == F_OWNER_PID && read_owner.pid == getpid());
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = -10, .l_len = 5};
	CHECK(fcntl(file, F_OFD_SETLK, &lock) == 0);
	int again = open("file", O_RDWR);
	lock = (struct flock){.l_type = F_RDLCK};
	CHECK_ERRNO(fcntl(again, F_OFD_SETLK, &lock), EAGAIN);
	CHECK(fcntl(again, F_OFD_GETLK, &lock) == 0);
	CHECK(lock.l_type == F_WRLCK && lock.l_start == 90 && lock.l_len == 5 && lock.l_pid == -1);
	CHECK_ERRNO(fcntl(file, F_SETLK, nowhere), EFAULT);
	CHECK_ERRNO(fcntl(file, 12345, 0), EINVAL);
}

static void ioctl_requests(void)
{
	int ends[2], waiting = -1, on = 1, internet = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK(pipe(ends) == 0 && write(ends[1], "four", 4) == 4);
	CHECK(ioctl(ends[0], FIONREAD, &waiting) == 0 && waiting == 4);
	CHECK(ioctl(ends[0], FIONBIO, &on) == 0 && fcntl(ends[0], F_GETFL) == O_NONBLOCK);
	CHECK(ioctl(ends[0], FIOCLEX) == 0 && fcntl(ends[0], F_GETFD) == FD_CLOEXEC);
	CHECK_ERRNO(ioctl(ends[0], FIONREAD, nowhere), EFAULT);
	CHECK_ERRNO(ioctl(ends[0], TIOCGWINSZ, &waiting), ENOTTY);
	CHECK_ERRNO(ioctl(ends[0], _IOW('~', 99, char[100]), nowhere), ENOTTY);
	CHECK_ERRNO(ioctl(4000, _IOW('~', 99, char[100]), nowhere), EBADF);
	char room[4096];
	struct ifconf list = {.ifc_len = sizeof room, .ifc_buf = room};
	CHECK(ioctl(internet, SIOCGIFCONF, &list) == 0);
	CHECK(list.ifc_len % sizeof(struct ifreq) == 0);
	struct ifreq interface = {.ifr_name = "lo"};
	CHECK(ioctl(internet, SIOCGIFINDEX, &interface) == 0 && interface.ifr_ifindex == (int)if_nametoindex("lo"));
	CHECK(ioctl(internet, SIOCGIFFLAGS, &interface) == 0 && interface.ifr_flags & IFF_LOOPBACK);
}

static void prctl_options(void)
{
	char name[16] = "";
	int signal = -1;
	CHECK(prctl(PR_SET_NAME, "a long name that is cut") == 0 && prctl(PR_GET_NAME, name) == 0);
	CHECK(strcmp(name, "a long name tha") == 0);
	CHECK(prctl(PR_SET_PDEATHSIG, SIGUSR1) == 0 && prctl(PR_GET_PDEATHSIG, &signal) == 0);
	CHECK(signal == SIGUSR1 && prctl(PR_SET_PDEATHSIG, 0) == 0);
	CHECK(prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_GET_DUMPABLE) == 0);
	CHECK(prctl(PR_SET_DUMPABLE, 1) == 0 && prctl(PR_GET_DUMPABLE) == 1);
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 && prctl(PR_GET_CHILD_SUBREAPER, &signal) == 0);
	CHECK(signal == 1 && prctl(PR_SET_CHILD_SUBREAPER, 0) == 0);
	CHECK_ERRNO(prctl(PR_GET_NAME, nowhere), EFAULT);
	CHECK_ERRNO(prctl(123456, 0, 0, 0, 0), EINVAL);
}

static void socket_options(void)
{
	int ends[2], on = 1;
	char byte;
	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
	/* A filter that lets the first three bytes of each message through. */
	struct sock_filter three = {BPF_RET_K, 0, 0, 3};
	struct sock_fprog program = {1, &three};
	CHECK(setsockopt(ends[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0);
	CHECK(send(ends[0], "filtered", 8, 0) == 8);
	CHECK(recv(ends[1], &byte, 1, MSG_TRUNC) == 3 && byte == 'f');
	CHECK(setsockopt(ends[1], SOL_SOCKET, SO_DETACH_FILTER, &on, sizeof on) == 0);
	CHECK_ERRNO(setsockopt(ends[1], SOL_SOCKET, SO_ATTACH_FILTER, nowhere, sizeof program), EFAULT);
	CHECK_ERRNO(setsockopt(ends[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, 4), EINVAL);
	socklen_t length = sizeof on;
	CHECK(getsockopt(ends[1], SOL_SOCKET, SO_TYPE, &on, &length) == 0 && on == SOCK_DGRAM);
	CHECK_ERRNO(getsockopt(ends[1], SOL_SOCKET, SO_TYPE, &on, nowhere), EFAULT);
	CHECK_ERRNO(setsockopt(-1, SOL_SOCKET, SO_TYPE, &on, 4), EBADF);
}

int main(void)
{
	fcntl_commands();
	ioctl_requests();
	prctl_options();
	socket_options();
	return check_status();
}
