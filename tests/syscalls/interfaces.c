// calls: ioctl socket unshare
/* Network interfaces and tunnels as ioctl knows them, in a namespace of their own. */
#include "requests.h"
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <net/route.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <sys/socket.h>

/* linux/sockios.h and linux/ethtool.h, whose includes are in the way of the C library's. */
enum {
	REQUEST_ETHTOOL = 0x8946, ETHTOOL_DRIVER = 3, ETHTOOL_LINK = 10, ETHTOOL_UNKNOWN = 9999,
	REQUEST_ADD_BRIDGE = 0x89a0, REQUEST_DELETE_BRIDGE = 0x89a1, REQUEST_VLAN = 0x8982, REQUEST_NAMESPACE = 0x894c,
};

struct driver {
	unsigned command;
	char name[32], version[32], firmware[32], bus[32], rest[72];
};

static struct sockaddr address(const char *text)
{
	union {
		struct sockaddr any;
		struct sockaddr_in internet;
	} address = {.internet = {.sin_family = AF_INET}};
	inet_pton(AF_INET, text, &address.internet.sin_addr);
	return address.any;
}

static const char *text_of(const struct sockaddr *any)
{
	static char text[INET_ADDRSTRLEN];
	return inet_ntop(AF_INET, &((const struct sockaddr_in *)any)->sin_addr, text, sizeof text);
}

static void show_routes(void)
{
	char line[256];
	FILE *routes = fopen("/proc/self/net/route", "r");
	while (routes && fgets(line, sizeof line, routes))
		printf("%.*s\n", (int)strcspn(line, " \n"), line);
	if (routes)
		fclose(routes);
}

static void show_list(int fd)
{
	struct ifreq room[8];
	struct ifconf list = {.ifc_len = 0, .ifc_buf = NULL};
	SHOW(ioctl(fd, SIOCGIFCONF, &list));
	printf("%d interfaces\n", list.ifc_len / (int)sizeof *room);
	memset(room, 0xee, sizeof room);
	list = (struct ifconf){.ifc_len = sizeof room, .ifc_req = room};
	SHOW(ioctl(fd, SIOCGIFCONF, &list));
	for (int i = 0; i < list.ifc_len / (int)sizeof *room; i++)
		printf("%s %s\n", room[i].ifr_name, text_of(&room[i].ifr_addr));
	list.ifc_len = sizeof *room - 1;
	SHOW(ioctl(fd, SIOCGIFCONF, &list));
	printf("%d bytes\n", list.ifc_len);
	list = (struct ifconf){.ifc_len = sizeof room, .ifc_buf = nowhere};
	SHOW(ioctl(fd, SIOCGIFCONF, &list));
	list.ifc_buf = behind;
	SHOW(ioctl(fd, SIOCGIFCONF, &list));
	SHOW_BAD(fd, SIOCGIFCONF);
}

static void loopback(int fd)
{
	struct ifreq lo = {.ifr_name = "lo"}, none = {.ifr_name = "none"};
	SHOW(ioctl(fd, SIOCGIFFLAGS, &lo));
	printf("flags %#x\n", lo.ifr_flags);
	lo.ifr_flags |= IFF_UP;
	SHOW(ioctl(fd, SIOCSIFFLAGS, &lo));
	SHOW(ioctl(fd, SIOCGIFFLAGS, &none));
	SHOW(ioctl(fd, SIOCGIFINDEX, &lo));
	printf("index %d\n", lo.ifr_ifindex);
	struct ifreq named = {.ifr_ifindex = lo.ifr_ifindex};
	SHOW(ioctl(fd, SIOCGIFNAME, &named));
	printf("name %s\n", named.ifr_name);
	SHOW(ioctl(fd, SIOCGIFMTU, &lo));
	printf("mtu %d\n", lo.ifr_mtu);
	lo.ifr_mtu = 1400;
	SHOW(ioctl(fd, SIOCSIFMTU, &lo));
	lo.ifr_mtu = -1;
	SHOW(ioctl(fd, SIOCSIFMTU, &lo));
	SHOW(ioctl(fd, SIOCGIFHWADDR, &lo));
	printf("family %d\n", lo.ifr_hwaddr.sa_family);
	SHOW(ioctl(fd, SIOCGIFTXQLEN, &lo));
	printf("queue %d\n", lo.ifr_bandwidth);
	SHOW(ioctl(fd, SIOCGIFMETRIC, &lo));
	memset(&lo.ifr_ifru, 0xee, sizeof lo.ifr_ifru);
	SHOW(ioctl(fd, SIOCGIFMAP, &lo));
	printf("map %ld to %ld, %d\n", (long)lo.ifr_map.mem_start, (long)lo.ifr_map.mem_end, lo.ifr_map.irq);
	SHOW(ioctl(fd, SIOCGIFADDR, &lo));
	printf("address %s\n", text_of(&lo.ifr_addr));
	lo.ifr_addr = address("10.1.2.3");
	SHOW(ioctl(fd, SIOCSIFADDR, &lo));
	SHOW(ioctl(fd, SIOCGIFNETMASK, &lo));
	printf("mask %s\n", text_of(&lo.ifr_netmask));
	lo.ifr_netmask = address("255.255.255.0");
	SHOW(ioctl(fd, SIOCSIFNETMASK, &lo));
	SHOW(ioctl(fd, SIOCGIFBRDADDR, &lo));
	show_list(fd);
	struct arpreq neighbour = {.arp_pa = address("10.1.2.9"), .arp_dev = "lo"};
	SHOW(ioctl(fd, SIOCGARP, &neighbour));
	SHOW(ioctl(fd, SIOCDARP, &neighbour));
	SHOW_BAD(fd, SIOCGIFFLAGS);
	SHOW_BAD(fd, SIOCSIFFLAGS);
	SHOW_BAD(fd, SIOCGIFHWADDR);
	SHOW_BAD(fd, SIOCGIFINDEX);
	SHOW_BAD(fd, SIOCGIFNAME);
	SHOW_BAD(fd, SIOCGIFADDR);
	SHOW_BAD(fd, SIOCSIFADDR);
	SHOW_BAD(fd, SIOCGIFMAP);
	SHOW_BAD(fd, SIOCGARP);
	int number = -1;
	SHOW(ioctl(fd, FIONREAD, &number));
	SHOW(ioctl(fd, TIOCOUTQ, &number));
	printf("waiting %d\n", number);
	SHOW_BAD(fd, FIONREAD);
	SHOW_BAD(fd, TIOCOUTQ);
}

/* The data lie where the argument says. */
static void hardware(int fd)
{
	struct ifreq request = {.ifr_name = "tap"};
	struct driver driver = {.command = ETHTOOL_DRIVER};
	unsigned value[2] = {ETHTOOL_LINK, 77}, unknown = ETHTOOL_UNKNOWN;
	request.ifr_data = (char *)&driver;
	SHOW(ioctl(fd, REQUEST_ETHTOOL, &request));
	printf("driver '%s', bus '%s'\n", driver.name, driver.bus);
	request.ifr_data = (char *)value;
	SHOW(ioctl(fd, REQUEST_ETHTOOL, &request));
	printf("link %u\n", value[1]);
	request.ifr_data = (char *)&unknown;
	SHOW(ioctl(fd, REQUEST_ETHTOOL, &request));
	request.ifr_data = nowhere;
	SHOW(ioctl(fd, REQUEST_ETHTOOL, &request));
	request.ifr_data = behind;
	SHOW(ioctl(fd, REQUEST_ETHTOOL, &request));
	request.ifr_data = NULL;
	SHOW(ioctl(fd, REQUEST_ETHTOOL, &request));
	strcpy(request.ifr_name, "none");
	request.ifr_data = (char *)&driver;
	SHOW(ioctl(fd, REQUEST_ETHTOOL, &request));
	SHOW_BAD(fd, REQUEST_ETHTOOL);
}

static void routes(int fd)
{
	char device[] = "lo";
	struct rtentry route = {
		.rt_dst = address("10.9.0.0"), .rt_genmask = address("255.255.0.0"), .rt_flags = RTF_UP,
		.rt_metric = 6, .rt_dev = device, .rt_mtu = 1000, .rt_window = 5000, .rt_irtt = 300,
	};
	SHOW(ioctl(fd, SIOCADDRT, &route));
	SHOW(ioctl(fd, SIOCADDRT, &route));
	route.rt_dst = address("10.8.0.0");
	route.rt_flags |= RTF_MTU | RTF_WINDOW | RTF_IRTT;
	SHOW(ioctl(fd, SIOCADDRT, &route));
	route.rt_dst = address("10.7.0.0");
	route.rt_dev = NULL;
	SHOW(ioctl(fd, SIOCADDRT, &route));
	route.rt_flags |= RTF_GATEWAY;
	route.rt_gateway = address("10.9.1.1");
	SHOW(ioctl(fd, SIOCADDRT, &route));
	show_routes();
	route.rt_dev = nowhere;
	SHOW(ioctl(fd, SIOCADDRT, &route));
	route.rt_dev = behind;
	SHOW(ioctl(fd, SIOCADDRT, &route));
	route.rt_dev = "none";
	SHOW(ioctl(fd, SIOCADDRT, &route));
	route.rt_dev = NULL;
	SHOW(ioctl(fd, SIOCDELRT, &route));
	SHOW(ioctl(fd, SIOCDELRT, &route));
	show_routes();
	SHOW_BAD(fd, SIOCADDRT);
	SHOW_BAD(fd, SIOCDELRT);
	int six = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	SHOW_ERROR(six);
	struct in6_rtmsg route_of_six = {
		.rtmsg_dst = {{{0xfd, 1}}}, .rtmsg_dst_len = 64, .rtmsg_metric = 5, .rtmsg_flags = RTF_UP,
		.rtmsg_ifindex = 1,
	};
	SHOW(ioctl(six, SIOCADDRT, &route_of_six));
	SHOW(ioctl(six, SIOCADDRT, &route_of_six));
	SHOW(ioctl(six, SIOCDELRT, &route_of_six));
	SHOW(ioctl(six, SIOCDELRT, &route_of_six));
	SHOW_BAD(six, SIOCADDRT);
	int local = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	SHOW(ioctl(local, SIOCADDRT, &route));
	SHOW(ioctl(local, SIOCGIFINDEX, &route) == -1);
	SHOW_BAD(local, SIOCADDRT);
	SHOW_BAD(local, SIOCGIFINDEX);
	SHOW_BAD(STDIN_FILENO, SIOCADDRT);
	close(local);
	close(six);
}

static void bridges(int fd)
{
	struct {
		int command;
		char device[24];
		union {
			char other[24];
			int number;
		} value;
		short priority;
	} vlan = {.command = 8, .device = "none"};
	char name[16] = "bridge";
	SHOW_ERROR(ioctl(fd, REQUEST_ADD_BRIDGE, name));
	SHOW_ERROR(ioctl(fd, REQUEST_DELETE_BRIDGE, name));
	SHOW_BAD(fd, REQUEST_ADD_BRIDGE);
	SHOW_ERROR(ioctl(fd, REQUEST_VLAN, &vlan));
	SHOW_BAD(fd, REQUEST_VLAN);
}

/* What a tap device reads of a packet that goes out through it. */
static void send_through(int tap, int packets, int index)
{
	unsigned char packet[100] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 0x12, 0x34, 'x'};
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = index, .sll_halen = 6};
	SHOW(sendto(packets, packet, sizeof packet, 0, (void *)&to, sizeof to));
	unsigned char got[2048];
	ssize_t count;
	/* The kernel says things of its own on a new interface. */
	while ((count = read(tap, got, sizeof got)) > 0)
		if (count > 13 && got[12] == 0x12 && got[13] == 0x34)
			printf("%d bytes\n", (int)count);
}

static void tunnels(int fd)
{
	int tap = open_device("/dev/net/tun", O_RDWR | O_NONBLOCK);
	if (tap < 0)
		return;
	unsigned features = 0;
	int number = -1;
	struct ifreq request = {.ifr_name = "tap", .ifr_flags = IFF_TAP | IFF_NO_PI}, read_back = {0};
	SHOW(ioctl(tap, TUNGETFEATURES, &features));
	printf("features %#x\n", features);
	SHOW(ioctl(tap, TUNGETIFF, &request));
	SHOW(ioctl(tap, TUNSETVNETHDRSZ, &number));
	SHOW_BAD(tap, TUNSETIFF);
	SHOW_BAD(tap, TUNGETIFF);
	SHOW_BAD(tap, TUNGETFEATURES);
	SHOW(read(tap, &number, sizeof number));
	request.ifr_flags = 0;
	SHOW(ioctl(tap, TUNSETIFF, &request));
	request.ifr_flags = IFF_TAP | IFF_NO_PI;
	SHOW(ioctl(tap, TUNSETIFF, &request));
	printf("name %s\n", request.ifr_name);
	SHOW(ioctl(tap, TUNSETIFF, &request));
	SHOW(ioctl(tap, TUNGETIFF, &read_back));
	printf("name %s, flags %#x\n", read_back.ifr_name, (unsigned short)read_back.ifr_flags);
	SHOW(ioctl(tap, TUNGETVNETHDRSZ, &number));
	printf("header %d\n", number);
	number = 12;
	SHOW(ioctl(tap, TUNSETVNETHDRSZ, &number));
	SHOW(ioctl(tap, TUNGETVNETHDRSZ, &number));
	printf("header %d\n", number);
	number = 3;
	SHOW(ioctl(tap, TUNSETVNETHDRSZ, &number));
	SHOW(ioctl(tap, TUNGETSNDBUF, &number));
	printf("buffer %d\n", number);
	number = 20000;
	SHOW(ioctl(tap, TUNSETSNDBUF, &number));
	SHOW(ioctl(tap, TUNGETSNDBUF, &number));
	printf("buffer %d\n", number);
	number = 0;
	SHOW(ioctl(tap, TUNSETSNDBUF, &number));
	SHOW(ioctl(tap, TUNSETOFFLOAD, 0L));
	SHOW(ioctl(tap, TUNSETOFFLOAD, 0x4000L));
	SHOW(ioctl(tap, TUNSETOWNER, 5L));
	SHOW(ioctl(tap, TUNSETGROUP, 5L));
	SHOW(ioctl(tap, TUNSETPERSIST, 0L));
	SHOW(ioctl(tap, TUNSETLINK, 1L));
	SHOW(ioctl(tap, TUNGETVNETLE, &number));
	printf("little %d\n", number);
	SHOW_ERROR(ioctl(tap, TUNGETVNETBE, &number));
	number = 1;
	SHOW(ioctl(tap, TUNSETCARRIER, &number));
	SHOW(ioctl(tap, TUNSETQUEUE, &request));
	struct {
		struct tun_filter head;
		unsigned char addresses[2][6];
	} addresses = {{0, 2}, {{2, 0, 0, 0, 0, 1}}};
	SHOW(ioctl(tap, TUNSETTXFILTER, &addresses));
	addresses.head.count = 0;
	SHOW(ioctl(tap, TUNSETTXFILTER, &addresses));
	number = -1;
	SHOW_ERROR(ioctl(tap, TUNSETSTEERINGEBPF, &number));
	number = 0x7777;
	SHOW(ioctl(tap, TUNSETFILTEREBPF, &number));
	request.ifr_hwaddr = (struct sockaddr){ARPHRD_ETHER, {2, 0, 0, 0, 0, 5}};
	SHOW(ioctl(tap, SIOCSIFHWADDR, &request));
	SHOW(ioctl(tap, SIOCGIFHWADDR, &read_back));
	printf("address %d\n", read_back.ifr_hwaddr.sa_data[5]);
	int namespace = ioctl(tap, REQUEST_NAMESPACE, 0L);
	SHOW_ERROR(namespace);
	close(namespace);
	SHOW_BAD(tap, TUNSETIFF);
	SHOW_BAD(tap, TUNGETIFF);
	SHOW_BAD(tap, TUNGETVNETHDRSZ);
	SHOW_BAD(tap, TUNSETVNETHDRSZ);
	SHOW_BAD(tap, TUNGETSNDBUF);
	SHOW_BAD(tap, TUNSETSNDBUF);
	SHOW_BAD(tap, TUNSETTXFILTER);
	SHOW_BAD(tap, TUNSETCARRIER);
	SHOW_BAD(tap, TUNSETFILTEREBPF);
	SHOW_BAD(tap, SIOCGIFHWADDR);

	/* A program that shortens the packets that the test sends, and drops all others. */
	struct sock_filter steps[] = {
		{BPF_LD | BPF_H | BPF_ABS, 0, 0, 12}, {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0x1234},
		{BPF_RET | BPF_K, 0, 0, 20}, {BPF_RET | BPF_K, 0, 0, 0},
	};
	struct sock_fprog program = {4, steps}, other = {0, NULL};
	int packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	SHOW(ioctl(fd, SIOCGIFINDEX, &request));
	int index = request.ifr_ifindex;
	SHOW(read(tap, nowhere, 100));
	SHOW(ioctl(fd, SIOCGIFFLAGS, &request));
	request.ifr_flags |= IFF_UP;
	SHOW(ioctl(fd, SIOCSIFFLAGS, &request));
	send_through(tap, packets, index);
	SHOW(ioctl(tap, TUNATTACHFILTER, &program));
	send_through(tap, packets, index);
	SHOW(ioctl(tap, TUNGETFILTER, &other));
	printf("%d steps, at the same place: %d\n", other.len, other.filter == steps);
	SHOW_BAD(tap, TUNGETFILTER);
	SHOW(ioctl(tap, TUNDETACHFILTER, NULL));
	send_through(tap, packets, index);
	program.filter = nowhere;
	SHOW(ioctl(tap, TUNATTACHFILTER, &program));
	program.filter = behind;
	SHOW(ioctl(tap, TUNATTACHFILTER, &program));
	program = (struct sock_fprog){0, steps};
	SHOW(ioctl(tap, TUNATTACHFILTER, &program));
	program = (struct sock_fprog){1, steps};
	SHOW(ioctl(tap, TUNATTACHFILTER, &program));
	SHOW_BAD(tap, TUNATTACHFILTER);
	hardware(fd);
	bridges(fd);
	close(packets);
	close(tap);
	/* No filter goes into a device without addresses. */
	int tun = open_device("/dev/net/tun", O_RDWR | O_NONBLOCK);
	request = (struct ifreq){.ifr_name = "tun%d", .ifr_flags = IFF_TUN};
	SHOW(ioctl(tun, TUNSETIFF, &request));
	printf("name %s\n", request.ifr_name);
	program = (struct sock_fprog){4, steps};
	SHOW(ioctl(tun, TUNATTACHFILTER, &program));
	SHOW(ioctl(tun, TUNDETACHFILTER, NULL));
	SHOW(ioctl(tun, TUNSETTXFILTER, &addresses));
	close(tun);
}

static void interfaces(void)
{
	int error = unshare(CLONE_NEWNET);
	SHOW(error);
	if (error)
		return;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	show_list(fd);
	loopback(fd);
	routes(fd);
	tunnels(fd);
	close(fd);
}

int main(void)
{
	in_child("interfaces", interfaces);
	return check_status();
}
