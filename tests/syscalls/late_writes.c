// skip-cross: qemu 7.2 has no set_robust_list and no io_setup
// flags: -pthread
// calls: set_tid_address set_robust_list io_setup io_submit io_getevents io_destroy munmap
/* What the kernel writes later, to an address that is unmapped by then: nothing is hit, and the program
 * ends as it wants to. */
#include "calls.h"
#include "aio.h"
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>

#define BYTES 4096

static void *page(void)
{
	void *at = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(at != MAP_FAILED);
	return at;
}

/* The word that the kernel clears when the thread ends. */
static void cleared_word(void)
{
	int *word = page();
	*word = 1;
	CHECK(syscall(SYS_set_tid_address, word) == syscall(SYS_gettid));
	CHECK(munmap(word, BYTES) == 0);
}

/* The list of locks that the kernel walks through when the thread ends. */
static void robust_list(void)
{
	void *head = page();
	CHECK(syscall(SYS_set_robust_list, head, 24L) == 0);
	CHECK(munmap(head, BYTES) == 0);
}

/* A word that lies where nothing has been for long, and one in a page that can only be read. */
static void nowhere_and_read_only(void)
{
	void *at = page();
	CHECK(mprotect(at, BYTES, PROT_READ) == 0);
	CHECK(syscall(SYS_set_tid_address, at) == syscall(SYS_gettid));
	CHECK(syscall(SYS_set_robust_list, nowhere, 24L) == 0);
}

/* A buffer and a block that are gone when the result is asked for. */
static void asynchronous(void)
{
	unsigned long context = 0;
	int fd = open("file", O_CREAT | O_RDWR | O_TRUNC, 0600);
	CHECK(write(fd, "text", 4) == 4);
	char *buffer = page();
	struct block *block = page();
	*block = (struct block){.data = 7, .fd = fd, .buffer = (uintptr_t)buffer, .length = 4};
	struct event events[2];
	struct block *blocks[1] = {block};
	SHOW(syscall(SYS_io_setup, 4, &context));
	SHOW(syscall(SYS_io_submit, context, 1L, blocks));
	CHECK(munmap(buffer, BYTES) == 0 && munmap(block, BYTES) == 0);
	SHOW(syscall(SYS_io_getevents, context, 1L, 2L, events, NULL));
	printf("data %d, result %d\n", (int)events[0].data, (int)events[0].result);
	/* Into a buffer that is gone before. */
	block = page();
	*block = (struct block){.data = 8, .fd = fd, .buffer = (uintptr_t)buffer, .length = 4};
	CHECK(mprotect(block, BYTES, PROT_READ | PROT_WRITE) == 0);
	blocks[0] = block;
	buffer = page();
	block->buffer = (uintptr_t)buffer;
	CHECK(munmap(buffer, BYTES) == 0);
	SHOW(syscall(SYS_io_submit, context, 1L, blocks));
	SHOW(syscall(SYS_io_destroy, context));
	close(fd);
}

static void status_of(const char *name, void (*part)(void))
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		part();
		fflush(stdout);
		_exit(5);
	}
	CHECK(waitpid(child, &status, 0) == child);
	printf("%s: %#x\n", name, status);
	fflush(stdout);
}

static void *part_of_thread(void *part)
{
	((void (*)(void))part)();
	syscall(SYS_exit, 0);
	return NULL;
}

/* The same in a thread of a program that goes on. */
static void in_thread(void)
{
	void (*const parts[])(void) = {cleared_word, robust_list};
	for (int i = 0; i < 2; i++) {
		pthread_t thread;
		pthread_attr_t detached;
		pthread_attr_init(&detached);
		pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
		CHECK(pthread_create(&thread, &detached, part_of_thread, (void *)parts[i]) == 0);
	}
	usleep(100000);
	char *again = page();
	for (int i = 0; i < BYTES; i++)
		CHECK(again[i] == 0);
}

int main(void)
{
	status_of("cleared word", cleared_word);
	status_of("robust list", robust_list);
	status_of("nowhere", nowhere_and_read_only);
	status_of("asynchronous", asynchronous);
	status_of("threads", in_thread);
	return check_status();
}
