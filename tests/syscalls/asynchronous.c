// skip-cross: qemu 7.2 has no io_setup
// calls: io_setup io_submit io_getevents io_cancel io_destroy
/* The kernel's asynchronous reads and writes, by number: no C library wraps them. */
#include "../libc/check.h"
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* linux/aio_abi.h, which is no header of a C library's. */
struct iocb {
	unsigned long aio_data;
	unsigned aio_key;
	int aio_rw_flags;
	unsigned short aio_lio_opcode;
	short aio_reqprio;
	unsigned aio_fildes;
	unsigned long aio_buf, aio_nbytes;
	long aio_offset;
	unsigned long aio_reserved2;
	unsigned aio_flags, aio_resfd;
};

struct io_event {
	unsigned long data, obj;
	long res, res2;
};

enum { IOCB_CMD_PREAD = 0, IOCB_CMD_POLL = 5, IOCB_CMD_PWRITEV = 8, IOCB_FLAG_RESFD = 1 };

static void *volatile nowhere = (void *)16;

int main(void)
{
	unsigned long context = 0;
	char text[16] = "";
	int file = open("file", O_CREAT | O_RDWR, 0600), counter = eventfd(0, 0);
	struct iovec parts[] = {{"one ", 4}, {"two", 3}};
	CHECK(syscall(SYS_io_setup, 8, &context) == 0 && context != 0);
	struct iocb write = {
		.aio_data = 11, .aio_lio_opcode = IOCB_CMD_PWRITEV, .aio_fildes = file,
		.aio_buf = (unsigned long)parts, .aio_nbytes = 2,
		.aio_flags = IOCB_FLAG_RESFD, .aio_resfd = counter,
	};
	struct iocb read_back = {
		.aio_data = 22, .aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = file,
		.aio_buf = (unsigned long)text, .aio_nbytes = sizeof text, .aio_offset = 1,
	};
	struct iocb bad = {
		.aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = file, .aio_buf = (unsigned long)nowhere, .aio_nbytes = 4,
	};
	struct iocb *list[] = {&write}, *more[] = {&read_back, nowhere};
	struct io_event events[4];
	CHECK(syscall(SYS_io_submit, context, 1L, list) == 1);
	CHECK(syscall(SYS_io_getevents, context, 1L, 4L, events, NULL) == 1);
	CHECK(events[0].data == 11 && events[0].obj == (unsigned long)&write && events[0].res == 7);
	unsigned long long count = 0;
	CHECK(read(counter, &count, sizeof count) == sizeof count && count == 1);
	CHECK(syscall(SYS_io_submit, context, 2L, more) == 1);
	CHECK(syscall(SYS_io_getevents, context, 1L, 4L, events, NULL) == 1);
	CHECK(events[0].data == 22 && events[0].obj == (unsigned long)&read_back && events[0].res == 6);
	CHECK(memcmp(text, "ne two", 6) == 0);
	list[0] = &bad;
	long submitted = syscall(SYS_io_submit, context, 1L, list);
	CHECK(submitted == 1 || errno == EFAULT);
	if (submitted == 1)
		CHECK(syscall(SYS_io_getevents, context, 1L, 4L, events, NULL) == 1 && events[0].res == -EFAULT);
	CHECK_ERRNO(syscall(SYS_io_submit, context, 1L, more + 1), EFAULT);
	CHECK_ERRNO(syscall(SYS_io_submit, context, -1L, list), EINVAL);
	CHECK_ERRNO(syscall(SYS_io_submit, context + 1, 1L, list), EINVAL);

	/* A poll that waits can be taken back. */
	int ends[2];
	CHECK(pipe(ends) == 0);
	struct iocb poll = {.aio_data = 33, .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = ends[0], .aio_buf = 1};
	list[0] = &poll;
	CHECK(syscall(SYS_io_submit, context, 1L, list) == 1);
	CHECK_ERRNO(syscall(SYS_io_cancel, context, &write, events), EINVAL);
	long cancelled = syscall(SYS_io_cancel, context, &poll, events);
	CHECK(cancelled == 0 || errno == EINPROGRESS);
	CHECK(syscall(SYS_io_destroy, context) == 0);
	CHECK_ERRNO(syscall(SYS_io_destroy, context), EINVAL);
	return check_status();
}
