// skip-cross: qemu 7.2 accepts unknown types of sockets
// calls: socket socketpair bind listen accept accept4 connect getsockname getpeername sendto recvfrom
// calls: sendmsg recvmsg sendmmsg recvmmsg shutdown setsockopt getsockopt
/* Sockets by the calls' numbers. */
#include "calls.h"
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

static char text[64];

static void local_streams(void)
{
	struct sockaddr_un name = {AF_UNIX, "socket"}, peer;
	socklen_t length = sizeof peer;
	int server = syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
	SHOW(syscall(SYS_bind, server, &name, (int)sizeof name));
	SHOW(syscall(SYS_bind, server, &name, (int)sizeof name));
	SHOW(syscall(SYS_listen, server, 5));
	int client = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(syscall(SYS_connect, client, &name, (int)sizeof name));
	SHOW(syscall(SYS_connect, client, &name, (int)sizeof name));
	int served = syscall(SYS_accept, server, NULL, NULL);
	SHOW(served >= 0);
	SHOW(syscall(SYS_getsockname, served, &peer, &length));
	printf("%d %s\n", (int)length, peer.sun_path);
	length = sizeof peer;
	SHOW(syscall(SYS_getpeername, client, &peer, &length));
	printf("%d %s\n", (int)length, peer.sun_path);
	SHOW(syscall(SYS_getpeername, server, &peer, &length));
	SHOW(syscall(SYS_getsockname, served, &peer, nowhere));
	SHOW(syscall(SYS_getpeername, client, nowhere, &length));
	SHOW(syscall(SYS_sendto, client, "stream", 6L, 0, NULL, 0));
	SHOW(syscall(SYS_recvfrom, served, text, 64L, MSG_PEEK, NULL, NULL));
	SHOW(syscall(SYS_recvfrom, served, text, 64L, 0, NULL, NULL));
	SHOW(syscall(SYS_recvfrom, served, text, 64L, MSG_DONTWAIT, NULL, NULL));
	SHOW(syscall(SYS_shutdown, client, SHUT_WR));
	SHOW(syscall(SYS_recvfrom, served, text, 64L, 0, NULL, NULL));
	SHOW(syscall(SYS_sendto, client, "x", 1L, MSG_NOSIGNAL, NULL, 0));
	SHOW(syscall(SYS_shutdown, client, 99));
	SHOW(syscall(SYS_shutdown, 0, SHUT_WR));
	fcntl(server, F_SETFL, O_NONBLOCK);
	SHOW(syscall(SYS_accept, server, NULL, NULL));
	SHOW(syscall(SYS_accept4, server, NULL, NULL, SOCK_CLOEXEC));
	SHOW(syscall(SYS_accept4, server, NULL, NULL, 99));
	SHOW(syscall(SYS_accept, client, NULL, NULL));
	strcpy(name.sun_path, "missing");
	SHOW(syscall(SYS_connect, socket(AF_UNIX, SOCK_STREAM, 0), &name, (int)sizeof name));
	SHOW(syscall(SYS_connect, client, nowhere, (int)sizeof name));
	SHOW(syscall(SYS_bind, -1, &name, (int)sizeof name));
	SHOW(syscall(SYS_listen, -1, 5));
	close(served);
	close(client);
	close(server);
}

static void pairs(void)
{
	int pair[2];
	SHOW(syscall(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET, 0, pair));
	struct iovec vector = {"message", 7}, into = {text, sizeof text};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1}, got = {.msg_iov = &into, .msg_iovlen = 1};
	SHOW(syscall(SYS_sendmsg, pair[0], &message, 0));
	SHOW(syscall(SYS_recvmsg, pair[1], &got, 0));
	printf("%.7s %#x\n", text, got.msg_flags);
	struct mmsghdr several[2] = {{message, 0}, {message, 0}}, back[2] = {{got, 0}, {got, 0}};
	SHOW(syscall(SYS_sendmmsg, pair[0], several, 2, 0));
	SHOW(syscall(SYS_recvmmsg, pair[1], back, 2, MSG_DONTWAIT, NULL));
	printf("%u %u\n", several[1].msg_len, back[1].msg_len);
	SHOW(syscall(SYS_recvmmsg, pair[1], back, 2, MSG_DONTWAIT, NULL));
	SHOW(syscall(SYS_sendmsg, pair[0], nowhere, 0));
	SHOW(syscall(SYS_recvmsg, pair[1], nowhere, MSG_DONTWAIT));
	SHOW(syscall(SYS_sendmsg, 0, &message, 0));
	SHOW(syscall(SYS_sendmmsg, pair[0], nowhere, 2, 0));
	SHOW(syscall(SYS_socketpair, AF_INET, SOCK_STREAM, 0, pair));
	SHOW(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, nowhere));
	SHOW(syscall(SYS_socket, 99, SOCK_STREAM, 0));
	SHOW(syscall(SYS_socket, AF_UNIX, 99, 0));
	int value = 0;
	socklen_t length = sizeof value;
	SHOW(syscall(SYS_getsockopt, pair[0], SOL_SOCKET, SO_TYPE, &value, &length));
	printf("type %d\n", value);
	value = 1;
	SHOW(syscall(SYS_setsockopt, pair[0], SOL_SOCKET, SO_PASSCRED, &value, 4));
	SHOW(syscall(SYS_setsockopt, pair[0], SOL_SOCKET, SO_PASSCRED, &value, 1));
	SHOW(syscall(SYS_setsockopt, pair[0], SOL_SOCKET, 9999, &value, 4));
	SHOW(syscall(SYS_setsockopt, pair[0], SOL_SOCKET, SO_PASSCRED, nowhere, 4));
	SHOW(syscall(SYS_getsockopt, pair[0], SOL_SOCKET, 9999, &value, &length));
	SHOW(syscall(SYS_getsockopt, pair[0], SOL_SOCKET, SO_TYPE, &value, nowhere));
	SHOW(syscall(SYS_getsockopt, -1, SOL_SOCKET, SO_TYPE, &value, &length));
}

static void datagrams(void)
{
	struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}}, from;
	socklen_t length = sizeof name;
	int server = socket(AF_INET, SOCK_DGRAM, 0), client = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(server, (void *)&name, sizeof name) != 0)
		return;
	CHECK(getsockname(server, (void *)&name, &length) == 0 && length == sizeof name);
	SHOW(syscall(SYS_sendto, client, "datagram", 8L, 0, &name, (int)sizeof name));
	length = sizeof from;
	SHOW(syscall(SYS_recvfrom, server, text, 64L, 0, &from, &length));
	CHECK(from.sin_family == AF_INET && from.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	SHOW(syscall(SYS_sendto, client, "x", 1L, 0, NULL, 0));
	SHOW(syscall(SYS_sendto, client, nowhere, 1L, 0, &name, (int)sizeof name));
	SHOW(syscall(SYS_sendto, client, "x", 1L, 0, nowhere, (int)sizeof name));
	SHOW(syscall(SYS_sendto, client, "x", 1L, 0, &name, 1));
	SHOW(syscall(SYS_recvfrom, 0, text, 64L, 0, NULL, NULL));
}

int main(void)
{
	local_streams();
	pairs();
	datagrams();
	return check_status();
}
