/* Sockets: pairs, Unix, TCP and UDP over the loopback, options, names, half close, descriptors in messages. */
#include "check.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[64];

static void pairs(void)
{
	int ends[2], type;
	socklen_t size = sizeof type;
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 && (fcntl(ends[0], F_GETFD) & FD_CLOEXEC));
	CHECK(getsockopt(ends[0], SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM && size == sizeof type);
	CHECK(send(ends[0], "hello", 5, 0) == 5 && recv(ends[1], buffer, 2, MSG_PEEK) == 2 && recv(ends[1], buffer, 64, 0) == 5);
	CHECK_ERRNO(recv(ends[1], buffer, 1, MSG_DONTWAIT), EAGAIN);
	CHECK(shutdown(ends[0], SHUT_WR) == 0 && recv(ends[1], buffer, 1, 0) == 0);
	CHECK_ERRNO(send(ends[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	CHECK(write(ends[1], "back", 4) == 4 && read(ends[0], buffer, 64) == 4);
	close(ends[0]);
	close(ends[1]);
	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0 && send(ends[0], "longer", 6, 0) == 6);
	CHECK(recv(ends[1], buffer, 3, MSG_TRUNC) == 6);
	CHECK(send(ends[0], "", 0, 0) == 0 && recv(ends[1], buffer, 3, 0) == 0);
	close(ends[0]);
	close(ends[1]);
	CHECK_ERRNO(socketpair(AF_INET, SOCK_STREAM, 0, ends), EOPNOTSUPP);
	CHECK_ERRNO(socket(9999, SOCK_STREAM, 0), EAFNOSUPPORT);
}

static void unix_names(void)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "socket"}, other;
	socklen_t size = sizeof other;
	int server = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_ERRNO(connect(client, (struct sockaddr *)&name, sizeof name), ENOENT);
	CHECK(bind(server, (struct sockaddr *)&name, sizeof name) == 0);
	CHECK_ERRNO(connect(client, (struct sockaddr *)&name, sizeof name), ECONNREFUSED);
	CHECK(listen(server, 5) == 0 && connect(client, (struct sockaddr *)&name, sizeof name) == 0);
	int peer = accept4(server, (struct sockaddr *)&other, &size, SOCK_CLOEXEC);
	CHECK(peer >= 0 && size == sizeof other.sun_family);
	size = sizeof other;
	CHECK(getpeername(client, (struct sockaddr *)&other, &size) == 0 && !strcmp(other.sun_path, "socket"));
	struct ucred who;
	size = sizeof who;
	CHECK(getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && who.pid == getpid() && who.uid == getuid());
	CHECK(write(peer, "unix", 4) == 4 && read(client, buffer, 64) == 4 && !memcmp(buffer, "unix", 4));
	close(peer);
	close(client);
	close(server);
	CHECK(unlink("socket") == 0);
}

static void tcp(void)
{
	struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, other;
	socklen_t size = sizeof name;
	int on = 1, server = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0);
	CHECK(bind(server, (struct sockaddr *)&name, size) == 0 && listen(server, 5) == 0);
	CHECK(getsockname(server, (struct sockaddr *)&name, &size) == 0 && size == sizeof name && ntohs(name.sin_port) > 0);
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		int client = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(client, (struct sockaddr *)&name, sizeof name))
			_exit(1);
		FILE *stream = fdopen(client, "r+");
		fputs("question\n", stream);
		fflush(stream);
		fgets(buffer, sizeof buffer, stream);
		_exit(strcmp(buffer, "answer\n") ? 2 : 0);
	}
	int peer = accept(server, (struct sockaddr *)&other, &size);
	CHECK(peer >= 0 && other.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	CHECK(setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0);
	CHECK(recv(peer, buffer, 9, MSG_WAITALL) == 9 && !memcmp(buffer, "question\n", 9));
	CHECK(writev(peer, (struct iovec[]){{"ans", 3}, {"wer\n", 4}}, 2) == 7);
	CHECK(read(peer, buffer, 1) == 0);
	int status;
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	close(peer);
	close(server);
	int refused = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_ERRNO(connect(refused, (struct sockaddr *)&name, sizeof name), ECONNREFUSED);
	CHECK_ERRNO(connect(refused, (struct sockaddr *)&name, 3), EINVAL);
	CHECK_ERRNO(listen(0x7fff, 1), EBADF);
	close(refused);
}

static void udp(void)
{
	struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, from;
	socklen_t size = sizeof name;
	int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	CHECK(bind(a, (struct sockaddr *)&name, size) == 0 && getsockname(a, (struct sockaddr *)&name, &size) == 0);
	CHECK_ERRNO(recv(b, buffer, 1, 0), EAGAIN);
	CHECK(sendto(b, "packet", 6, 0, (struct sockaddr *)&name, sizeof name) == 6);
	CHECK(recvfrom(a, buffer, 64, 0, (struct sockaddr *)&from, &size) == 6 && size == sizeof from);
	CHECK(sendto(a, "reply", 5, 0, (struct sockaddr *)&from, size) == 5 && connect(b, (struct sockaddr *)&name, sizeof name) == 0);
	CHECK(recv(b, buffer, 64, 0) == 5);
	struct mmsghdr many[2] = {0};
	struct iovec parts[2] = {{"one", 3}, {"three", 5}};
	for (int i = 0; i < 2; i++)
		many[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
	CHECK(sendmmsg(b, many, 2, 0) == 2 && many[1].msg_len == 5);
	struct iovec space[2] = {{buffer, 32}, {buffer + 32, 32}};
	for (int i = 0; i < 2; i++)
		many[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &space[i], .msg_iovlen = 1}};
	CHECK(recvmmsg(a, many, 2, 0, NULL) == 2 && many[0].msg_len == 3 && !memcmp(buffer + 32, "three", 5));
	int waiting = -1;
	CHECK(ioctl(a, FIONREAD, &waiting) == 0 && waiting == 0);
	close(a);
	close(b);
}

static void descriptors_in_messages(void)
{
	int ends[2], pipe_ends[2];
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && pipe(pipe_ends) == 0);
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(2 * sizeof(int))];
	} control = {0};
	struct iovec data = {"d", 1};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(2 * sizeof(int));
	memcpy(CMSG_DATA(header), pipe_ends, sizeof pipe_ends);
	CHECK(sendmsg(ends[0], &message, 0) == 1);
	memset(&control, 0, sizeof control);
	data = (struct iovec){buffer, sizeof buffer};
	message = (struct msghdr){.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	CHECK(recvmsg(ends[1], &message, MSG_CMSG_CLOEXEC) == 1 && buffer[0] == 'd' && !(message.msg_flags & MSG_CTRUNC));
	header = CMSG_FIRSTHDR(&message);
	int received[2] = {-1, -1};
	if (CHECK(header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(2 * sizeof(int))))
		memcpy(received, CMSG_DATA(header), sizeof received);
	CHECK(!CMSG_NXTHDR(&message, header) && received[0] != pipe_ends[0] && (fcntl(received[0], F_GETFD) & FD_CLOEXEC));
	CHECK(write(received[1], "through", 7) == 7 && read(pipe_ends[0], buffer, 64) == 7);
	/* Credentials and descriptors together: two control messages. */
	int on = 1;
	CHECK(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 && send(ends[0], "c", 1, 0) == 1);
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(struct ucred))];
	} credentials;
	message = (struct msghdr){.msg_iov = &data, .msg_iovlen = 1, .msg_control = &credentials, .msg_controllen = sizeof credentials};
	CHECK(recvmsg(ends[1], &message, 0) == 1 && (header = CMSG_FIRSTHDR(&message)) && header->cmsg_type == SCM_CREDENTIALS);
	struct ucred who;
	memcpy(&who, CMSG_DATA(header), sizeof who);
	CHECK(who.pid == getpid() && who.gid == getgid());
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	pairs();
	unix_names();
	tcp();
	udp();
	descriptors_in_messages();
	return check_status();
}
