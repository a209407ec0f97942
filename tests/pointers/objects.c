/* Buffers and descriptors that plausible arguments are made of. */
#include "objects.h"

#include <stdlib.h>

/* For each argument: a page to read, pages to write, a page without access. */
struct area {
	unsigned char *readable, *buffer, *end;
};

static struct area areas[6];
static unsigned char *hole;

#define PAGE 4096
#define HOLE_BYTES (16 * PAGE)

void make_areas(void)
{
	const size_t one = PAGE + BUFFER_BYTES + PAGE;
	unsigned char *all = mmap(NULL, 6 * one, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 6; i++) {
		areas[i].readable = all + i * one;
		areas[i].buffer = areas[i].readable + PAGE;
		areas[i].end = areas[i].buffer + BUFFER_BYTES;
		mprotect(areas[i].readable, PAGE + BUFFER_BYTES, PROT_READ | PROT_WRITE);
	}
	unsigned char *around = mmap(NULL, HOLE_BYTES + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	hole = around + PAGE;
	munmap(hole, HOLE_BYTES);
}

void *buffer(int i)
{
	return areas[i].buffer;
}

long long text(int i, const char *string)
{
	strcpy(buffer(i), string);
	return at(i);
}

long long word(int i, int value)
{
	memcpy(buffer(i), &value, sizeof value);
	return at(i);
}

long long wide(int i, long long value)
{
	memcpy(buffer(i), &value, sizeof value);
	return at(i);
}

long long bytes(int i, const void *data, size_t size)
{
	memcpy(buffer(i), data, size);
	return at(i);
}

long long vectors(int i, int n)
{
	struct iovec *list = buffer(i);
	for (int k = 0; k < n; k++)
		list[k] = (struct iovec){(char *)buffer(i) + BUFFER_BYTES / 2 + 64 * k, 64};
	return at(i);
}

long long message(int i)
{
	struct msghdr *header = buffer(i);
	/* Not behind the header: a list of messages goes on there. */
	header->msg_iov = buffer(5);
	header->msg_iovlen = 1;
	*header->msg_iov = (struct iovec){(char *)buffer(5) + 2048, 64};
	return at(i);
}

long long moment(int i, long long seconds, long nanoseconds)
{
	struct timespec time = {seconds, nanoseconds};
	return bytes(i, &time, sizeof time);
}

long long longs(int i, long long a, long long b, long long c)
{
	const long long list[] = {a, b, c};
	return bytes(i, list, sizeof list);
}

long long local(int i, const char *path)
{
	struct sockaddr_un *socket = buffer(i);
	socket->sun_family = AF_UNIX;
	strcpy(socket->sun_path, path);
	return at(i);
}

long long event(int i, int signal)
{
	struct sigevent *event = buffer(i);
	event->sigev_signo = signal;
	return at(i);
}

long long requests(int i, int fd)
{
	/* struct iocb: read, into the buffer's last part. */
	struct {
		unsigned long long data;
		unsigned key, flags;
		unsigned short opcode;
		short priority;
		unsigned fd;
		unsigned long long buffer, n_bytes;
		long long offset;
		unsigned long long rest[2];
	} request = {.opcode = 0, .fd = fd, .buffer = (uintptr_t)buffer(i) + 4096, .n_bytes = 64};
	void **list = buffer(i);
	list[0] = (char *)buffer(i) + 512;
	memcpy(list[0], &request, sizeof request);
	return at(i);
}

long long addresses(int i)
{
	void **list = buffer(i);
	list[0] = (char *)buffer(i) + 4096;
	return at(i);
}

long long attribute(int i)
{
	return longs(i, (uintptr_t)buffer(i) + 1024, 16, 0);
}

long long waiters(int i, int n)
{
	for (int k = 0; k < n; k++) {
		const unsigned long long one[] = {0, (uintptr_t)buffer(i) + 4096, 2};
		memcpy((char *)buffer(i) + k * sizeof one, one, sizeof one);
	}
	return at(i);
}

long long filter(int i)
{
	struct {
		unsigned short n;
		void *code;
	} program = {1, (char *)buffer(i) + 1024};
	const unsigned long long accept = 6ULL | 0xffffULL << 32;
	memcpy(program.code, &accept, sizeof accept);
	return bytes(i, &program, sizeof program);
}

long long interface(int i)
{
	void *data = (char *)buffer(i) + 1024;
	strcpy(buffer(i), "lo");
	memcpy((char *)buffer(i) + 16, &data, sizeof data);
	return at(i);
}

long long interfaces(int i)
{
	struct {
		int bytes;
		void *list;
	} all = {1024, (char *)buffer(i) + 1024};
	return bytes(i, &all, sizeof all);
}

/* The address that `value` means for argument `i`, whose plausible value is `plausible`. */
long long address(enum address value, int i, const struct arg *arg, long long plausible)
{
	struct area *area = &areas[i];
	size_t part = arg->size > 1 ? arg->size / 2 : 1;
	switch (value) {
	case NOTHING:
		return 0;
	case HOLE:
		return (intptr_t)hole;
	case LAST_BYTES:
		/* Of all that a pointer can say; natively, of a range nothing is mapped in. */
		return sizeof(void *) == 4 ? 0xfffffff0LL : (intptr_t)hole + HOLE_BYTES - 16;
	case LOW:
		return 64;
	case STRADDLES:
	case LAST_BYTE:
		if (value == LAST_BYTE)
			part = 1;
		if (arg->kind == TEXT)
			memset(area->end - part, 'a', part);
		else
			memmove(area->end - part, area->buffer, part);
		return (intptr_t)area->end - (intptr_t)part;
	case ODD:
		memmove(area->buffer + 1, area->buffer, BUFFER_BYTES - 1);
		return plausible + 1;
	case READ_ONLY:
		memcpy(area->readable, area->buffer, PAGE);
		mprotect(area->readable, PAGE, PROT_READ);
		return (intptr_t)area->readable;
	default:
		return plausible;
	}
}

void make_files(void)
{
	unlink("file");
	unlink("new");
	rmdir("new");
	rmdir("dir");
	int fd = open("file", O_CREAT | O_RDWR | O_TRUNC, 0644);
	char block[512];
	memset(block, 'd', sizeof block);
	for (int i = 0; i < 32; i++)
		if (write(fd, block, sizeof block) != sizeof block)
			_exit(3);
	close(fd);
	mkdir("dir", 0755);
}

int file(void)
{
	return open("file", O_RDWR);
}

int folder(void)
{
	return open(".", O_RDONLY | O_DIRECTORY);
}

static int socket_of(int type)
{
	int pair[2] = {-1, -1};
	socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, pair);
	if (write(pair[1], "data", 4) != 4)
		_exit(3);
	return pair[0];
}

int sock(void)
{
	return socket_of(SOCK_STREAM);
}

int datagram(void)
{
	return socket_of(SOCK_DGRAM);
}

static int pipe_end(int which)
{
	int ends[2] = {-1, -1};
	if (pipe2(ends, O_NONBLOCK) || write(ends[1], "some data", 9) != 9)
		_exit(3);
	return ends[which];
}

int pipe_in(void)
{
	return pipe_end(0);
}

int pipe_out(void)
{
	return pipe_end(1);
}

int an_epoll(void)
{
	int epoll = epoll_create1(0);
	struct epoll_event event = {.events = EPOLLIN};
	epoll_ctl(epoll, EPOLL_CTL_ADD, pipe_in(), &event);
	return epoll;
}

int an_eventfd(void)
{
	return eventfd(1, EFD_NONBLOCK);
}

int a_timerfd(void)
{
	return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
}

int an_inotify(void)
{
	return inotify_init1(IN_NONBLOCK);
}

int a_memory_file(void)
{
	int fd = syscall(SYS_memfd_create, "memory", 2);
	if (ftruncate(fd, 16384))
		_exit(3);
	return fd;
}

int a_queue(void)
{
	long attributes[8] = {0, 2, 64};
	int queue = syscall(SYS_mq_open, "queue", O_CREAT | O_RDWR | O_NONBLOCK, 0600, attributes);
	syscall(SYS_mq_timedsend, queue, "abc", 3L, 1, 0L);
	return queue;
}

int pidfd_of_self(void)
{
	return syscall(SYS_pidfd_open, getpid(), 0);
}

int null(void)
{
	return open("null", O_RDWR);
}

int zero(void)
{
	return open("zero", O_RDWR);
}

int own_pid(void)
{
	return getpid();
}

int a_shm(void)
{
	return shmget(IPC_PRIVATE, 8192, 0600);
}

int a_sem(void)
{
	return semget(IPC_PRIVATE, 2, 0600);
}

int a_msg(void)
{
	int queue = msgget(IPC_PRIVATE, 0600);
	struct {
		long type;
		char text[8];
	} message = {1, "text"};
	msgsnd(queue, &message, sizeof message.text, 0);
	return queue;
}

int a_timer(void)
{
	int timer = -1;
	syscall(SYS_timer_create, CLOCK_MONOTONIC, 0L, &timer);
	return timer;
}

long long a_context(void)
{
	unsigned long long context = 0;
	syscall(SYS_io_setup, 4, &context);
	return context;
}

int listener(void)
{
	struct sockaddr_un name = {AF_UNIX, "listener"};
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
	unlink("listener");
	if (bind(server, (void *)&name, sizeof name) || listen(server, 4) || connect(client, (void *)&name, sizeof name))
		_exit(3);
	return server;
}

int a_fanotify(void)
{
	return syscall(SYS_fanotify_init, 0x200L, 0L);
}

int a_filesystem(void)
{
	return syscall(SYS_fsopen, "tmpfs", 0L);
}

int network(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0);
}
