/* The structures of asynchronous requests: struct iocb and struct io_event of the kernel's linux/aio_abi.h. */
#ifndef AIO_H
#define AIO_H

#include <stdint.h>

struct block {
	uint64_t data;
	uint32_t key, rw_flags;
	uint16_t opcode;
	int16_t priority;
	uint32_t fd;
	uint64_t buffer, length;
	int64_t offset;
	uint64_t reserved;
	uint32_t flags, event_fd;
};

struct event {
	uint64_t data, block;
	int64_t result, result2;
};

#endif
