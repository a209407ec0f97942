// calls: ioctl pidfd_open perf_event_open
/* What files, namespaces, processes, counters and terminals are asked with ioctl. */
#include "requests.h"
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/nsfs.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

enum { PAGE = 4096, PAGES = 4 };

static int new_file(const char *name)
{
	static char text[PAGES * PAGE];
	int fd = open(name, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
	memset(text, 'a', sizeof text);
	CHECK(fd >= 0 && write(fd, text, sizeof text) == sizeof text && fsync(fd) == 0);
	return fd;
}

static void extents(int fd)
{
	struct {
		struct fiemap map;
		struct fiemap_extent extents[4];
	} all = {.map = {.fm_length = -1, .fm_flags = FIEMAP_FLAG_SYNC, .fm_extent_count = 4}};
	SHOW(ioctl(fd, FS_IOC_FIEMAP, &all));
	printf("%u extents, flags %#x, length %d\n", all.map.fm_mapped_extents, all.extents[0].fe_flags,
	       (int)all.extents[0].fe_length);
	all.map.fm_extent_count = 0;
	SHOW(ioctl(fd, FS_IOC_FIEMAP, &all));
	printf("%u extents\n", all.map.fm_mapped_extents);
	all.map.fm_extent_count = -1;
	SHOW(ioctl(fd, FS_IOC_FIEMAP, &all));
	all.map.fm_extent_count = 4;
	all.map.fm_flags = 1 << 30;
	SHOW(ioctl(fd, FS_IOC_FIEMAP, &all));
	printf("refused flags %#x\n", all.map.fm_flags);
	all.map.fm_flags = 0;
	all.map.fm_length = 0;
	SHOW(ioctl(fd, FS_IOC_FIEMAP, &all));
	SHOW_BAD(fd, FS_IOC_FIEMAP);
}

static void flags_of_files(int fd)
{
	/* The kernel reads and writes an int, whatever the request's number says. */
	unsigned flags[2] = {0xeeeeeeee, 0xeeeeeeee};
	SHOW(ioctl(fd, FS_IOC_GETFLAGS, flags));
	printf("flags %#x, behind %#x\n", flags[0], flags[1]);
	flags[0] |= FS_NOATIME_FL;
	SHOW(ioctl(fd, FS_IOC_SETFLAGS, flags));
	flags[0] = 0;
	SHOW(ioctl(fd, FS_IOC_GETFLAGS, flags));
	printf("flags %#x\n", flags[0]);
	flags[0] = -1;
	SHOW(ioctl(fd, FS_IOC_SETFLAGS, flags));
	flags[1] = 0xeeeeeeee;
	SHOW(ioctl(fd, FS_IOC_GETVERSION, flags));
	CHECK(flags[1] == 0xeeeeeeee);
	SHOW(ioctl(fd, FS_IOC_SETVERSION, flags));
	struct fsxattr attributes;
	memset(&attributes, 0xee, sizeof attributes);
	SHOW(ioctl(fd, FS_IOC_FSGETXATTR, &attributes));
	printf("flags %#x, extents %u, project %u\n", attributes.fsx_xflags, attributes.fsx_nextents,
	       attributes.fsx_projid);
	attributes.fsx_xflags = -1;
	SHOW(ioctl(fd, FS_IOC_FSSETXATTR, &attributes));
	SHOW_BAD(fd, FS_IOC_GETFLAGS);
	SHOW_BAD(fd, FS_IOC_SETFLAGS);
	SHOW_BAD(fd, FS_IOC_GETVERSION);
	SHOW_BAD(fd, FS_IOC_SETVERSION);
	SHOW_BAD(fd, FS_IOC_FSGETXATTR);
	SHOW_BAD(fd, FS_IOC_FSSETXATTR);
}

static void copies(int fd)
{
	int other = new_file("other"), short_file = open("short", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	SHOW(ioctl(other, FICLONE, (long)fd));
	SHOW(ioctl(other, FICLONE, -1L));
	SHOW(ioctl(other, FICLONE, (long)STDIN_FILENO));
	struct file_clone_range range = {.src_fd = fd, .src_length = PAGE};
	SHOW(ioctl(other, FICLONERANGE, &range));
	range.src_fd = -1;
	SHOW(ioctl(other, FICLONERANGE, &range));
	struct {
		struct file_dedupe_range range;
		struct file_dedupe_range_info info[2];
	} same = {
		.range = {.src_length = PAGE, .dest_count = 2},
		.info = {{.dest_fd = other}, {.dest_fd = -1}},
	};
	SHOW(ioctl(fd, FIDEDUPERANGE, &same));
	printf("status %d and %d\n", same.info[0].status, same.info[1].status);
	same.range.reserved1 = 1;
	SHOW(ioctl(fd, FIDEDUPERANGE, &same));
	same.range.reserved1 = 0;
	same.range.dest_count = 65535;
	SHOW(ioctl(fd, FIDEDUPERANGE, &same));
	SHOW_BAD(other, FICLONERANGE);
	SHOW_BAD(fd, FIDEDUPERANGE);
	close(short_file);
	close(other);
}

static void files(void)
{
	int fd = new_file("file"), number = 0, memory = memfd_create("memory", MFD_CLOEXEC);
	extents(fd);
	flags_of_files(fd);
	copies(fd);
	SHOW(ioctl(fd, FIGETBSZ, &number));
	printf("block %d\n", number);
	number = 0;
	SHOW(ioctl(fd, FIBMAP, &number));
	CHECK(number != -1);
	number = -1;
	SHOW(ioctl(fd, FIBMAP, &number));
	long long size = -1;
	SHOW(ioctl(fd, FIOQSIZE, &size));
	printf("size %d\n", (int)size);
	number = -1;
	SHOW(ioctl(fd, FIONREAD, &number));
	printf("unread %d\n", number);
	struct fstrim_range trim = {.start = ~0ull, .len = 0, .minlen = 0};
	SHOW(ioctl(fd, FITRIM, &trim));
	char label[FSLABEL_MAX];
	SHOW(ioctl(fd, FS_IOC_GETFSLABEL, label));
	SHOW_BAD(fd, FIGETBSZ);
	SHOW_BAD(fd, FIBMAP);
	SHOW_BAD(fd, FIOQSIZE);
	SHOW_BAD(fd, FIONREAD);
	SHOW_BAD(fd, FITRIM);
	SHOW_BAD(fd, FS_IOC_GETFSLABEL);
	unsigned flags = 0;
	SHOW(ioctl(memory, FS_IOC_GETFLAGS, &flags));
	SHOW(ioctl(memory, FIGETBSZ, &number));
	printf("block %d\n", number);
	SHOW(ioctl(memory, FICLONE, (long)fd));
	SHOW(ioctl(memory, FIONREAD, &number));
	SHOW_BAD(memory, FS_IOC_GETFLAGS);
	/* Nothing is asked of a file that is only a name. */
	int path = open("file", O_PATH | O_CLOEXEC);
	SHOW(ioctl(path, FIGETBSZ, &number));
	SHOW_BAD(path, FS_IOC_FIEMAP);
	int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	SHOW(ioctl(folder, FS_IOC_GETFLAGS, &flags));
	SHOW(ioctl(folder, FIBMAP, &number));
	SHOW(ioctl(folder, FIONREAD, &number));
	close(folder);
	close(path);
	close(memory);
	close(fd);
}

/* linux/pidfd.h, which older headers lack. */
struct process_info {
	uint64_t mask, group;
	uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
	int32_t code;
	uint32_t dump_mask, spare;
	uint64_t more[2];
};

enum { PROCESS_INFO_PID = 1, PROCESS_INFO_CREDENTIALS = 2, PROCESS_INFO_EXIT = 8 };

static void processes(void)
{
	pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	int fd = syscall(SYS_pidfd_open, child, 0);
	CHECK(fd >= 0);
	for (unsigned long size = 48; size <= 96; size += 8) {
		const int request = (int)(3u << 30 | size << 16 | 0xff0b);
		struct process_info info;
		memset(&info, 0xee, sizeof info);
		info.mask = PROCESS_INFO_PID | PROCESS_INFO_CREDENTIALS;
		errno = 0;
		int result = ioctl(fd, request, &info);
		printf("of size %lu: %d, errno %d\n", size, result, errno);
		if (result == 0 && size >= 64)
			printf("child %d, mine %d\n", info.pid == (unsigned)child, info.ppid == (unsigned)getpid());
	}
	const int request = (int)0xc040ff0b, of_namespace = 0xff03;
	SHOW_BAD(fd, request);
	struct process_info info = {.mask = PROCESS_INFO_PID};
	int mounts = ioctl(fd, of_namespace, 0L);
	SHOW_ERROR(mounts);
	SHOW(ioctl(fd, of_namespace, 1L));
	close(mounts);
	kill(child, SIGKILL);
	CHECK(waitpid(child, NULL, 0) == child);
	SHOW(ioctl(fd, request, &info));
	SHOW(ioctl(fd, of_namespace, 0L));
	close(fd);
}

#ifndef NS_GET_MNTNS_ID
#define NS_GET_MNTNS_ID _IOR(NSIO, 5, uint64_t)
#endif

static void namespaces(void)
{
	static const char *const names[] = {"user", "mnt", "net", "pid", "uts"};
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		char path[64];
		snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		unsigned owner = 99;
		uint64_t id = 0;
		printf("%s\n", names[i]);
		SHOW(ioctl(fd, NS_GET_NSTYPE));
		SHOW(ioctl(fd, NS_GET_OWNER_UID, &owner));
		printf("owner %u\n", owner);
		int user = ioctl(fd, NS_GET_USERNS);
		SHOW_ERROR(user);
		close(user);
		SHOW_ERROR(ioctl(fd, NS_GET_PARENT));
		SHOW(ioctl(fd, NS_GET_MNTNS_ID, &id));
		SHOW_BAD(fd, NS_GET_OWNER_UID);
		SHOW_BAD(fd, NS_GET_MNTNS_ID);
		SHOW_ERROR(ioctl(fd, _IOR(NSIO, 0x6, int), 1L));
		close(fd);
	}
}

static void counters(void)
{
	struct perf_event_attr software = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof software, .config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = 1000000, .disabled = 1, .exclude_kernel = 1,
	};
	int fd = syscall(SYS_perf_event_open, &software, 0, -1, -1, 8L);
	SHOW_ERROR(fd);
	if (fd < 0)
		return;
	uint64_t id = 0, period = 5000000, words[4];
	SHOW(ioctl(fd, PERF_EVENT_IOC_ID, &id));
	CHECK(id != 0);
	SHOW(ioctl(fd, PERF_EVENT_IOC_RESET, 0L));
	SHOW(ioctl(fd, PERF_EVENT_IOC_ENABLE, 0L));
	SHOW(ioctl(fd, PERF_EVENT_IOC_DISABLE, 0L));
	SHOW(ioctl(fd, PERF_EVENT_IOC_REFRESH, 1L));
	SHOW(ioctl(fd, PERF_EVENT_IOC_PERIOD, &period));
	period = 0;
	SHOW(ioctl(fd, PERF_EVENT_IOC_PERIOD, &period));
	SHOW(ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, -1L));
	SHOW(ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, 9999L));
	SHOW(ioctl(fd, PERF_EVENT_IOC_SET_FILTER, "common_pid == 1"));
	SHOW(ioctl(fd, PERF_EVENT_IOC_SET_BPF, -1L));
	SHOW(ioctl(fd, PERF_EVENT_IOC_PAUSE_OUTPUT, 1L));
	SHOW(ioctl(fd, PERF_EVENT_IOC_QUERY_BPF, words));
	SHOW(ioctl(fd, FIONREAD, words));
	SHOW_BAD(fd, PERF_EVENT_IOC_ID);
	SHOW_BAD(fd, PERF_EVENT_IOC_PERIOD);
	SHOW_BAD(fd, PERF_EVENT_IOC_SET_FILTER);
	SHOW_BAD(fd, PERF_EVENT_IOC_QUERY_BPF);
	SHOW(read(fd, nowhere, 8));
	SHOW(read(fd, words, 4));
	close(fd);
}

struct epoll_options {
	uint32_t busy_poll_usecs;
	uint16_t busy_poll_budget;
	uint8_t prefer_busy_poll, pad;
};

static void descriptors(void)
{
	int event = eventfd(5, EFD_CLOEXEC), timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	int watch = inotify_init1(IN_CLOEXEC), set = epoll_create1(EPOLL_CLOEXEC), number = -1;
	SHOW(ioctl(event, FIONREAD, &number));
	SHOW(ioctl(timer, FIONREAD, &number));
	uint64_t ticks = 3;
	SHOW(ioctl(timer, 0x40085400, &ticks));
	SHOW_BAD(timer, 0x40085400);
	SHOW(ioctl(watch, FIONREAD, &number));
	printf("unread %d\n", number);
	CHECK(inotify_add_watch(watch, ".", IN_CREATE) > 0);
	close(open("watched", O_CREAT | O_CLOEXEC, 0600));
	SHOW(ioctl(watch, FIONREAD, &number));
	printf("unread %d\n", number);
	SHOW(ioctl(watch, 0x40044900, 77L));
	SHOW(inotify_add_watch(watch, "/", IN_CREATE));
	SHOW_BAD(watch, FIONREAD);
	const int get_options = (int)0x80088a02, set_options = 0x40088a01;
	struct epoll_options options;
	memset(&options, 0xee, sizeof options);
	SHOW(ioctl(set, get_options, &options));
	printf("%u, %u, %u, %u\n", options.busy_poll_usecs, options.busy_poll_budget, options.prefer_busy_poll,
	       options.pad);
	options = (struct epoll_options){20, 30, 1, 0};
	SHOW(ioctl(set, set_options, &options));
	SHOW(ioctl(set, get_options, &options));
	printf("%u, %u, %u\n", options.busy_poll_usecs, options.busy_poll_budget, options.prefer_busy_poll);
	options.pad = 1;
	SHOW(ioctl(set, set_options, &options));
	options = (struct epoll_options){-1, 30, 1, 0};
	SHOW(ioctl(set, set_options, &options));
	SHOW_BAD(set, get_options);
	SHOW_BAD(set, set_options);
	int ends[2];
	CHECK(pipe(ends) == 0);
	SHOW(ioctl(ends[0], FIONREAD, &number));
	SHOW_BAD(ends[0], FIONREAD);
	SHOW_BAD(ends[0], FIONBIO);
	SHOW_BAD(ends[0], FIOASYNC);
	SHOW(ioctl(-1, FIONREAD, NULL));
	SHOW_BAD(-1, FS_IOC_FIEMAP);
	int faults = open_device("/dev/userfaultfd", O_RDWR);
	close(faults);
	close(event);
	close(timer);
	close(watch);
	close(set);
}

/* struct termios2, which is in a header that is in the way of the C library's. */
struct speeds {
	unsigned input, output, control, local;
	unsigned char line, keys[19];
	unsigned input_speed, output_speed;
};

#include <termios.h>

static void terminals(void)
{
	const int get = (int)0x802c542a, set = 0x402c542b, lock = 0x5457, get_lock = 0x5456;
	int controller = open_device("/dev/ptmx", O_RDWR | O_NOCTTY), zero = 0, number = -1;
	if (controller < 0)
		return;
	SHOW(ioctl(controller, TIOCSPTLCK, &zero));
	SHOW(ioctl(controller, TIOCGPTN, &number));
	CHECK(number >= 0);
	SHOW(ioctl(controller, 0x80045439, &number));
	printf("locked %d\n", number);
	int terminal = ioctl(controller, 0x5441, (long)(O_RDWR | O_NOCTTY | O_CLOEXEC));
	SHOW_ERROR(terminal);
	struct speeds speeds;
	SHOW(ioctl(terminal, get, &speeds));
	printf("%#x, %#x, %#x, %#x, %u\n", speeds.input, speeds.output, speeds.control, speeds.local,
	       speeds.output_speed);
	speeds.control = (speeds.control & ~0x100fu) | 0x1000;
	speeds.output_speed = speeds.input_speed = 12345;
	SHOW(ioctl(terminal, set, &speeds));
	SHOW(ioctl(terminal, get, &speeds));
	printf("speed %u\n", speeds.output_speed);
	struct winsize size = {24, 80, 1, 2};
	SHOW(ioctl(controller, TIOCSWINSZ, &size));
	size = (struct winsize){0};
	SHOW(ioctl(terminal, TIOCGWINSZ, &size));
	printf("%d x %d\n", size.ws_row, size.ws_col);
	SHOW(write(controller, "some\nmore", 9));
	usleep(50000);
	SHOW(ioctl(terminal, FIONREAD, &number));
	printf("unread %d\n", number);
	SHOW(ioctl(controller, TIOCOUTQ, &number));
	SHOW(ioctl(terminal, TIOCGPGRP, &number));
	SHOW(ioctl(terminal, TIOCGSID, &number));
	SHOW(ioctl(terminal, TIOCSPGRP, &number));
	SHOW(ioctl(terminal, TIOCNOTTY));
	SHOW(ioctl(terminal, TIOCMGET, &number));
	SHOW(ioctl(terminal, TIOCGICOUNT, &size) == -1);
	char port[128] = "";
	SHOW(ioctl(terminal, TIOCGSERIAL, port));
	SHOW(ioctl(terminal, TIOCSSERIAL, port));
	SHOW_BAD(terminal, TIOCGSERIAL);
	SHOW_BAD(terminal, TIOCSSERIAL);
	SHOW(ioctl(terminal, TIOCGETD, &number));
	printf("discipline %d\n", number);
	number = 999;
	SHOW(ioctl(terminal, TIOCSETD, &number));
	number = 1;
	SHOW(ioctl(controller, TIOCPKT, &number));
	SHOW(ioctl(controller, 0x80045438, &number));
	printf("packets %d\n", number);
	SHOW(ioctl(terminal, TIOCPKT, &number));
	SHOW(ioctl(terminal, TIOCEXCL));
	SHOW(ioctl(terminal, 0x80045440, &number));
	printf("exclusive %d\n", number);
	SHOW(ioctl(terminal, TIOCNXCL));
	SHOW(ioctl(controller, 0x40045436, 999L));
	SHOW(ioctl(terminal, TIOCSTI, nowhere));
	struct termios locks;
	SHOW(ioctl(terminal, get_lock, &locks));
	SHOW(ioctl(terminal, TCFLSH, 99L));
	SHOW(ioctl(terminal, TCXONC, 99L));
	SHOW(ioctl(terminal, TCSBRK, 1L));
	SHOW_BAD(terminal, get);
	SHOW_BAD(terminal, set);
	SHOW_BAD(terminal, TCGETS);
	SHOW_BAD(terminal, TCSETS);
	SHOW_BAD(terminal, TCGETA);
	SHOW_BAD(terminal, TCSETA);
	SHOW_BAD(terminal, TIOCGWINSZ);
	SHOW_BAD(terminal, TIOCSWINSZ);
	SHOW_BAD(terminal, TIOCGETD);
	SHOW_BAD(terminal, TIOCSETD);
	SHOW_BAD(terminal, TIOCSTI);
	SHOW_BAD(terminal, TIOCGPGRP);
	SHOW_BAD(terminal, FIONREAD);
	SHOW_BAD(terminal, get_lock);
	SHOW_BAD(terminal, lock);
	SHOW_BAD(controller, TIOCSPTLCK);
	SHOW_BAD(controller, TIOCGPTN);
	SHOW_BAD(controller, TIOCPKT);
	close(controller);
	SHOW(ioctl(terminal, TIOCGWINSZ, &size));
	SHOW(ioctl(terminal, FIONREAD, &number));
	close(terminal);
}

int main(void)
{
	in_child("files", files);
	in_child("processes", processes);
	in_child("namespaces", namespaces);
	in_child("counters", counters);
	in_child("descriptors", descriptors);
	in_child("terminals", terminals);
	return check_status();
}
