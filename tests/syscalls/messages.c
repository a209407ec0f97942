// skip-cross: qemu 7.2 accepts control messages that are none
// calls: sendmsg recvmsg sendmmsg recvmmsg socketpair
/* Messages over sockets with control data, one by one and several at once. */
#include "../libc/check.h"
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void *volatile nowhere = (void *)16;

static union {
	char bytes[256];
	struct cmsghdr align;
} control;

static struct msghdr with_control(struct iovec *vector, size_t length)
{
	return (struct msghdr){
		.msg_iov = vector, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = length,
	};
}

static void descriptors(void)
{
	int ends[2], given[2], got[2] = {-1, -1};
	char text[8] = "";
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	CHECK(pipe(given) == 0);
	struct iovec out = {"x", 1}, in = {text, sizeof text};
	memset(&control, 0, sizeof control);
	struct msghdr message = with_control(&out, CMSG_SPACE(sizeof given));
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof given);
	memcpy(CMSG_DATA(header), given, sizeof given);
	CHECK(sendmsg(ends[0], &message, 0) == 1);

	memset(&control, 0xff, sizeof control);
	message = with_control(&in, sizeof control.bytes);
	CHECK(recvmsg(ends[1], &message, MSG_CMSG_CLOEXEC) == 1);
	header = CMSG_FIRSTHDR(&message);
	CHECK(header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS);
	CHECK(header && header->cmsg_len == CMSG_LEN(sizeof got));
	CHECK(message.msg_controllen == CMSG_SPACE(sizeof got) && CMSG_NXTHDR(&message, header) == NULL);
	memcpy(got, CMSG_DATA(header), sizeof got);
	CHECK(fcntl(got[0], F_GETFD) == FD_CLOEXEC);
	CHECK(write(got[1], "through", 7) == 7 && read(given[0], text, sizeof text) == 7);
	CHECK(memcmp(text, "through", 7) == 0);

	/* A closed descriptor cannot be sent, and too small a buffer shows. */
	int closed = 4000;
	message = with_control(&out, CMSG_SPACE(sizeof closed));
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof closed);
	memcpy(CMSG_DATA(header), &closed, sizeof closed);
	CHECK_ERRNO(sendmsg(ends[0], &message, 0), EBADF);
	header->cmsg_len = 3;
	CHECK_ERRNO(sendmsg(ends[0], &message, 0), EINVAL);
	header->cmsg_len = CMSG_LEN(sizeof closed);
	memcpy(CMSG_DATA(header), given, sizeof closed);
	CHECK(sendmsg(ends[0], &message, 0) == 1);
	message = with_control(&in, 4);
	CHECK(recvmsg(ends[1], &message, 0) == 1 && message.msg_flags & MSG_CTRUNC);
}

static void credentials_and_times(void)
{
	int ends[2], on = 1, seen = 0;
	char text[8];
	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
	CHECK(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0);
	CHECK(setsockopt(ends[1], SOL_SOCKET, SO_TIMESTAMP, &on, sizeof on) == 0);
	CHECK(send(ends[0], "hello", 5, 0) == 5);
	struct iovec in = {text, sizeof text};
	struct msghdr message = with_control(&in, sizeof control.bytes);
	CHECK(recvmsg(ends[1], &message, 0) == 5);
	for (struct cmsghdr *at = CMSG_FIRSTHDR(&message); at; at = CMSG_NXTHDR(&message, at)) {
		if (at->cmsg_type == SCM_CREDENTIALS) {
			struct ucred who;
			memcpy(&who, CMSG_DATA(at), sizeof who);
			CHECK(who.pid == getpid() && who.uid == getuid() && who.gid == getgid());
			seen |= 1;
		} else if (at->cmsg_type == SCM_TIMESTAMP) {
			struct timeval sent;
			memcpy(&sent, CMSG_DATA(at), sizeof sent);
			CHECK(sent.tv_sec <= time(NULL) && time(NULL) - sent.tv_sec < 60);
			seen |= 2;
		}
	}
	CHECK(seen == 3);
}

static void addresses(void)
{
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, from;
	socklen_t length = sizeof here;
	int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK(bind(a, (void *)&here, sizeof here) == 0 && getsockname(a, (void *)&here, &length) == 0);
	struct iovec out[] = {{"two ", 4}, {"parts", 5}};
	struct msghdr message = {.msg_name = &here, .msg_namelen = sizeof here, .msg_iov = out, .msg_iovlen = 2};
	CHECK(sendmsg(b, &message, 0) == 9);
	char text[6];
	struct iovec in = {text, sizeof text};
	message = (struct msghdr){.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &in, .msg_iovlen = 1};
	CHECK(recvmsg(a, &message, MSG_TRUNC) == 9 && message.msg_flags == MSG_TRUNC);
	CHECK(message.msg_namelen == sizeof from && from.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	CHECK(memcmp(text, "two pa", 6) == 0);
}

static void several(void)
{
	int ends[2];
	char texts[3][8];
	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
	struct iovec out[] = {{"one", 3}, {"three", 5}}, in[3];
	struct mmsghdr sent[2] = {0}, got[3] = {0};
	for (int i = 0; i < 2; i++) {
		sent[i].msg_hdr.msg_iov = out + i;
		sent[i].msg_hdr.msg_iovlen = 1;
	}
	for (int i = 0; i < 3; i++) {
		in[i] = (struct iovec){texts[i], sizeof texts[i]};
		got[i].msg_hdr.msg_iov = in + i;
		got[i].msg_hdr.msg_iovlen = 1;
	}
	CHECK(sendmmsg(ends[0], sent, 2, 0) == 2);
	CHECK(sent[0].msg_len == 3 && sent[1].msg_len == 5);
	CHECK(recvmmsg(ends[1], got, 3, MSG_WAITFORONE, NULL) == 2);
	CHECK(got[0].msg_len == 3 && got[1].msg_len == 5 && memcmp(texts[1], "three", 5) == 0);
	CHECK_ERRNO(recvmmsg(ends[1], got, 3, MSG_DONTWAIT, NULL), EAGAIN);
	struct timespec soon = {0, 1000000};
	CHECK(send(ends[0], "last", 4, 0) == 4);
	CHECK(recvmmsg(ends[1], got, 1, 0, &soon) == 1);
	CHECK(sendmmsg(ends[0], sent, 0, 0) == 0);
	CHECK_ERRNO(sendmmsg(ends[0], nowhere, 1, 0), EFAULT);
	CHECK_ERRNO(recvmmsg(ends[1], nowhere, 1, MSG_DONTWAIT, NULL), EFAULT);
	sent[1].msg_hdr.msg_iov = nowhere;
	CHECK(sendmmsg(ends[0], sent, 2, 0) == 1);
}

static void refused(void)
{
	int ends[2], file = open(".", O_RDONLY);
	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
	struct msghdr message = {0};
	CHECK_ERRNO(sendmsg(-1, nowhere, 0), EBADF);
	CHECK_ERRNO(sendmsg(file, &message, 0), ENOTSOCK);
	CHECK_ERRNO(sendmsg(file, nowhere, 0), ENOTSOCK);
	CHECK_ERRNO(sendmsg(ends[0], nowhere, 0), EFAULT);
	CHECK_ERRNO(recvmsg(ends[0], nowhere, 0), EFAULT);
	message.msg_iovlen = 2000;
	CHECK_ERRNO(sendmsg(ends[0], &message, 0), EMSGSIZE);
	message.msg_iovlen = 1;
	message.msg_iov = nowhere;
	CHECK_ERRNO(sendmsg(ends[0], &message, 0), EFAULT);
	message = (struct msghdr){.msg_control = nowhere, .msg_controllen = 64};
	CHECK_ERRNO(sendmsg(ends[0], &message, 0), EFAULT);
}

int main(void)
{
	descriptors();
	credentials_and_times();
	addresses();
	several();
	refused();
	return check_status();
}
