// flags: -pthread
// calls: io_setup io_submit io_getevents io_cancel io_destroy munmap mremap mmap mprotect
/* Requests that are under way while their memory goes, moves, or becomes other memory: what is there then is
 * not written. */
#include "calls.h"
#include "aio.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>

enum { PAGE = 4096, BYTES = 4 << 20, ROUNDS = 12 };
enum { READ = 0, WRITE = 1, POLL = 5, READ_PARTS = 7, WRITE_PARTS = 8 };

static void *memory(size_t length)
{
	void *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(at != MAP_FAILED);
	return at;
}

static void renew(void *at, size_t length, int byte)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
	CHECK(mmap(at, length, PROT_READ | PROT_WRITE, flags, -1, 0) == at);
	memset(at, byte, length);
}

static int only(const char *at, size_t length, int byte)
{
	size_t i = 0;
	while (i < length && at[i] == byte)
		i++;
	return i == length;
}

static unsigned long new_context(void)
{
	unsigned long context = 0;
	CHECK(syscall(SYS_io_setup, 8, &context) == 0);
	return context;
}

static long submit(unsigned long context, struct block *block)
{
	struct block *list[1] = {block};
	return syscall(SYS_io_submit, context, 1L, list);
}

static struct event next(unsigned long context)
{
	struct event event = {0};
	CHECK(syscall(SYS_io_getevents, context, 1L, 1L, &event, NULL) == 1);
	return event;
}

/* A file of the byte 'f' that is read and written past the page cache, as far as its file system can. */
static int direct(void)
{
	char *text = memory(BYTES);
	memset(text, 'f', BYTES);
	int fd = open("file", O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
	CHECK(write(fd, text, BYTES) == BYTES && fsync(fd) == 0 && munmap(text, BYTES) == 0);
	close(fd);
	fd = open("file", O_RDWR | O_DIRECT | O_CLOEXEC);
	printf("open: errno %d\n", fd < 0 ? errno : 0);
	return fd >= 0 ? fd : open("file", O_RDWR | O_CLOEXEC);
}

static void reading(void)
{
	int fd = direct();
	unsigned long context = new_context();
	char *buffer = memory(BYTES);
	for (int i = 0; i < ROUNDS; i++) {
		struct block block = {.data = i, .opcode = READ, .fd = fd, .buffer = (uintptr_t)buffer, .length = BYTES};
		CHECK(submit(context, &block) == 1);
		switch (i % 4) {
		case 0:
			CHECK(munmap(buffer, BYTES) == 0);
			renew(buffer, BYTES, 'n');
			break;
		case 1:
			renew(buffer, BYTES, 'n');
			break;
		case 2:
			CHECK(mprotect(buffer, BYTES, PROT_NONE) == 0);
			break;
		default:
			CHECK(munmap(buffer, BYTES) == 0);
		}
		struct event event = next(context);
		CHECK(event.data == (unsigned)i && event.result == BYTES && event.block == (uintptr_t)&block);
		if (i % 4 < 2)
			CHECK(only(buffer, BYTES, 'n'));
		else
			renew(buffer, BYTES, 'n');
	}
	/* What moves takes its data with it. */
	struct block block = {.opcode = READ, .fd = fd, .buffer = (uintptr_t)buffer, .length = BYTES};
	char *target = memory(BYTES);
	CHECK(submit(context, &block) == 1);
	CHECK(mremap(buffer, BYTES, BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, target) == target);
	renew(buffer, BYTES, 'n');
	CHECK(next(context).result == BYTES && only(target, BYTES, 'f') && only(buffer, BYTES, 'n'));
	/* The list of parts is read at once. */
	struct iovec *parts = memory(PAGE);
	parts[0] = (struct iovec){buffer, PAGE};
	parts[1] = (struct iovec){buffer + 2 * PAGE, PAGE};
	block = (struct block){.opcode = READ_PARTS, .fd = fd, .buffer = (uintptr_t)parts, .length = 2};
	CHECK(submit(context, &block) == 1);
	renew(parts, PAGE, 0x7f);
	CHECK(next(context).result == 2 * PAGE && only((char *)parts, PAGE, 0x7f));
	CHECK(only(buffer, PAGE, 'f') && only(buffer + PAGE, PAGE, 'n') && only(buffer + 2 * PAGE, PAGE, 'f'));
	SHOW(syscall(SYS_io_destroy, context));
	close(fd);
}

static void writing(void)
{
	int fd = direct();
	unsigned long context = new_context();
	char *buffer = memory(BYTES), *read_back = memory(BYTES);
	for (int i = 0; i < ROUNDS; i++) {
		int byte = 'A' + i;
		memset(buffer, byte, BYTES);
		struct block block = {.opcode = WRITE, .fd = fd, .buffer = (uintptr_t)buffer, .length = BYTES};
		CHECK(submit(context, &block) == 1);
		if (i % 2)
			CHECK(munmap(buffer, BYTES) == 0);
		renew(buffer, BYTES, 'n');
		CHECK(next(context).result == BYTES && only(buffer, BYTES, 'n'));
		CHECK(pread(fd, read_back, BYTES, 0) == BYTES && only(read_back, BYTES, byte));
	}
	SHOW(syscall(SYS_io_destroy, context));
	close(fd);
}

/* What waits for a pipe waits as long as it has to. */
static void waiting(void)
{
	int ends[2];
	unsigned long context = new_context();
	CHECK(pipe2(ends, O_CLOEXEC) == 0);
	struct block *block = memory(PAGE);
	*block = (struct block){.data = 1, .opcode = POLL, .fd = ends[0], .buffer = 1};
	struct event event = {0};
	SHOW(submit(context, block));
	CHECK(munmap(block, PAGE) == 0);
	SHOW(syscall(SYS_io_cancel, context, block, &event));
	CHECK(write(ends[1], "x", 1) == 1);
	event = next(context);
	printf("data %d, result %d, block %d\n", (int)event.data, (int)event.result, event.block == (uintptr_t)block);
	CHECK(read(ends[0], &event, 1) == 1);

	/* The same block for two requests, and another one where it was. */
	renew(block, PAGE, 0);
	*block = (struct block){.data = 2, .opcode = POLL, .fd = ends[0], .buffer = 1};
	SHOW(submit(context, block));
	block->data = 3;
	SHOW(submit(context, block));
	renew(block, PAGE, 'n');
	SHOW(syscall(SYS_io_cancel, context, block, &event));
	renew(block, PAGE, 0);
	SHOW(syscall(SYS_io_cancel, context, (char *)block + 64, &event));
	SHOW(syscall(SYS_io_cancel, context, block, &event));
	event = next(context);
	printf("data %d, result %d, block %d\n", (int)event.data, (int)event.result, event.block == (uintptr_t)block);
	CHECK(only((char *)block, PAGE, 0));
	CHECK(mprotect(block, PAGE, PROT_NONE) == 0);
	SHOW(syscall(SYS_io_cancel, context, block, &event));
	CHECK(write(ends[1], "x", 1) == 1);
	event = next(context);
	printf("data %d, result %d, block %d\n", (int)event.data, (int)event.result, event.block == (uintptr_t)block);
	SHOW(syscall(SYS_io_destroy, context));
}

struct waiter {
	unsigned long context;
	struct event *events;
	long result;
	int error;
};

static void *wait_for_event(void *argument)
{
	struct waiter *waiter = argument;
	waiter->result = syscall(SYS_io_getevents, waiter->context, 1L, 1L, waiter->events, NULL);
	waiter->error = errno;
	return NULL;
}

/* Another thread waits for the result, whose place goes meanwhile. */
static void results(void)
{
	for (int i = 0; i < 3; i++) {
		int ends[2];
		struct waiter waiter = {.context = new_context(), .events = memory(PAGE)};
		CHECK(pipe2(ends, O_CLOEXEC) == 0);
		struct block block = {.data = 4, .opcode = POLL, .fd = ends[0], .buffer = 1};
		SHOW(submit(waiter.context, &block));
		pthread_t thread;
		CHECK(pthread_create(&thread, NULL, wait_for_event, &waiter) == 0);
		usleep(20000);
		if (i == 0)
			CHECK(munmap(waiter.events, PAGE) == 0);
		else if (i == 1)
			CHECK(mprotect(waiter.events, PAGE, PROT_READ) == 0);
		else
			renew(waiter.events, PAGE, 0);
		CHECK(write(ends[1], "x", 1) == 1);
		CHECK(pthread_join(thread, NULL) == 0);
		printf("result %ld, errno %d\n", waiter.result, waiter.result < 0 ? waiter.error : 0);
		if (i == 2)
			printf("data %d, block %d\n", (int)waiter.events->data,
			       waiter.events->block == (uintptr_t)&block);
		else
			printf("data %d\n", (int)next(waiter.context).data);
		SHOW(syscall(SYS_io_destroy, waiter.context));
		close(ends[0]);
		close(ends[1]);
	}
}

/* Fills a context with requests that are under way. */
static unsigned long under_way(char *buffer)
{
	static struct block blocks[6];
	unsigned long context = new_context();
	int ends[2], fd = open("file", O_RDWR | O_DIRECT | O_CLOEXEC);
	CHECK(pipe2(ends, O_CLOEXEC) == 0);
	for (int i = 0; i < 6; i++) {
		blocks[i] = i % 2 ? (struct block){.opcode = POLL, .fd = ends[0], .buffer = 1}
				  : (struct block){.opcode = READ, .fd = fd, .buffer = (uintptr_t)buffer, .length = BYTES};
		CHECK(submit(context, blocks + i) == (fd >= 0 || i % 2 ? 1 : -1));
	}
	return context;
}

static void destroyed(void)
{
	char *buffer = memory(BYTES);
	unsigned long context = under_way(buffer);
	renew(buffer, BYTES, 'n');
	SHOW(syscall(SYS_io_destroy, context));
	CHECK(only(buffer, BYTES, 'n'));
	struct event event;
	SHOW(syscall(SYS_io_getevents, context, 0L, 1L, &event, NULL));
}

static void ended(void)
{
	char *buffer = memory(BYTES);
	under_way(buffer);
	CHECK(munmap(buffer, BYTES) == 0);
	fflush(stdout);
	_exit(3);
}

static void killed(void)
{
	under_way(memory(BYTES));
	fflush(stdout);
	raise(SIGKILL);
}

static void executed(void)
{
	under_way(memory(BYTES));
	fflush(stdout);
	execl("/bin/echo", "echo", "executed", NULL);
}

/* A child has no part in its parent's requests. */
static void inherited(void)
{
	char *buffer = memory(BYTES);
	unsigned long context = under_way(buffer);
	pid_t child = fork();
	if (child == 0) {
		struct event event;
		struct block block = {.opcode = POLL, .fd = STDIN_FILENO, .buffer = 1};
		SHOW(syscall(SYS_io_getevents, context, 0L, 1L, &event, NULL));
		SHOW(submit(context, &block));
		SHOW(syscall(SYS_io_destroy, context));
		fflush(stdout);
		_exit(4);
	}
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	printf("its child's status %#x\n", status);
	SHOW(syscall(SYS_io_destroy, context));
}

int main(void)
{
	in_child("reading", reading);
	in_child("writing", writing);
	in_child("waiting", waiting);
	in_child("results", results);
	in_child("destroyed", destroyed);
	in_child("ended", ended);
	in_child("killed", killed);
	in_child("executed", executed);
	in_child("inherited", inherited);
	return check_status();
}
