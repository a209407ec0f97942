/* Addresses and names without a network: inet_*, getaddrinfo with numbers, getnameinfo, services, byte order. */
#include "check.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ether.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

static void numbers(void)
{
	static const char *const texts[] = {"127.0.0.1", "255.255.255.255", "1.2.3", "1.2", "16909060", "0x7f.1", "010.0.0.1",
					    "256.0.0.1", "1.2.3.4.5", "", "a.b.c.d"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct in_addr address = {0};
		int result = inet_aton(texts[i], &address);
		printf("%s: %d %s, %d\n", texts[i], result, result ? inet_ntoa(address) : "-", inet_pton(AF_INET, texts[i], &address));
	}
	static const char *const sixes[] = {"::", "::1", "1:2:3:4:5:6:7:8", "fe80::1:2", "::ffff:1.2.3.4", "1::2::3", "12345::", "1:2:3", "2001:db8::"};
	for (size_t i = 0; i < sizeof sixes / sizeof *sixes; i++) {
		struct in6_addr address;
		char back[INET6_ADDRSTRLEN];
		int result = inet_pton(AF_INET6, sixes[i], &address);
		printf("%s: %d %s\n", sixes[i], result, result == 1 ? inet_ntop(AF_INET6, &address, back, sizeof back) : "-");
	}
	char small[4];
	CHECK(inet_ntop(AF_INET, "\x7f\0\0\1", small, sizeof small) == NULL && errno == ENOSPC);
	CHECK_ERRNO(inet_pton(12345, "1", small), EAFNOSUPPORT);
	CHECK(htons(0x1234) == 0x3412 && htonl(0x12345678) == 0x78563412 && ntohs(htons(7)) == 7);
	CHECK(inet_addr("1.2.3.4") == htonl(0x01020304) && inet_addr("no") == INADDR_NONE);
	CHECK(IN6_IS_ADDR_LOOPBACK(&in6addr_loopback) && IN6_IS_ADDR_UNSPECIFIED(&in6addr_any));
	struct ether_addr *hardware = ether_aton("0:1a:2b:3c:4d:ff");
	CHECK(hardware && hardware->ether_addr_octet[5] == 0xff);
}

static void show(const char *node, const char *service, struct addrinfo hints)
{
	struct addrinfo *list = NULL;
	int result = getaddrinfo(node, service, &hints, &list);
	printf("%s %s: %s\n", node ? node : "-", service ? service : "-",
	       result == 0 ? "found" : result == EAI_NONAME ? "EAI_NONAME" : result == EAI_SERVICE ? "EAI_SERVICE" : "other");
	for (struct addrinfo *a = list; a; a = a->ai_next) {
		char host[64], port[16];
		CHECK(getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) == 0);
		printf("  %s %s family %d type %d protocol %d\n", host, port, a->ai_family == AF_INET6 ? 6 : 4, a->ai_socktype, a->ai_protocol);
	}
	if (list)
		freeaddrinfo(list);
}

static void addresses(void)
{
	show("127.0.0.1", "80", (struct addrinfo){.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM});
	show("::1", "443", (struct addrinfo){.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM});
	show(NULL, "8080", (struct addrinfo){.ai_flags = AI_PASSIVE, .ai_family = AF_INET, .ai_socktype = SOCK_STREAM});
	show(NULL, "8080", (struct addrinfo){.ai_family = AF_INET, .ai_socktype = SOCK_STREAM});
	show("not.a.number", "80", (struct addrinfo){.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM});
	show("10.0.0.1", "no-such-service", (struct addrinfo){.ai_flags = AI_NUMERICSERV, .ai_socktype = SOCK_STREAM});
	show(NULL, NULL, (struct addrinfo){0});
	show("1.2.3.4", NULL, (struct addrinfo){.ai_flags = AI_NUMERICHOST, .ai_family = AF_INET, .ai_socktype = SOCK_STREAM});
	CHECK(strlen(gai_strerror(EAI_NONAME)) > 0);
	struct protoent *tcp = getprotobyname("tcp");
	CHECK(!tcp || tcp->p_proto == 6);
	CHECK(if_nametoindex("no-such-interface") == 0 && if_nametoindex("lo") > 0);
}

int main(void)
{
	numbers();
	addresses();
	return check_status();
}
