/* The environment comes in a file whose path the engine writes to a buffer. Two forms exist:
 *   - lines of NAME=value, which cannot carry a value with a newline;
 *   - the ten bytes "\0WALIENV0\0", then strings that each end with a NUL. An engine that knows this
 *     form uses it when it finds those bytes in the buffer. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include "libc.h"
#include "syscall.h"
#include "wali_imports.h"
#include "wali_start.h"

static const char magic[10] = "\0WALIENV0";

struct text {
	char *bytes;
	size_t length, room;
};

/* Reads all of `fd`; one byte of room always remains. */
static struct text read_all(int fd)
{
	struct text text = { __wali_start_pages(PAGE_SIZE), 0, PAGE_SIZE };
	for (;;) {
		if (text.length + 1 == text.room) {
			char *bigger = __wali_start_pages(2 * text.room);
			memcpy(bigger, text.bytes, text.length);
			__syscall(SYS_munmap, text.bytes, text.room);
			text.bytes = bigger;
			text.room *= 2;
		}
		long n = __syscall(SYS_read, fd, text.bytes + text.length, text.room - text.length - 1);
		if (n == -EINTR) continue;
		if (n <= 0) return text;
		text.length += n;
	}
}

char **__wali_read_env(void)
{
	static char *none[1];
	char path[PATH_MAX];
	memcpy(path, magic, sizeof magic);
	if (__wali_get_init_envfile((int)(uintptr_t)path, sizeof path) != 1) return none;
	int fd = __sys_open(path, O_RDONLY|O_CLOEXEC);
	if (fd < 0) return none;
	struct text text = read_all(fd);
	__syscall(SYS_close, fd);

	char *strings = text.bytes, *end = text.bytes + text.length, separator = '\n';
	if (text.length >= sizeof magic && !memcmp(strings, magic, sizeof magic)) {
		strings += sizeof magic;
		separator = 0;
	}
	*end = 0;
	for (char *c = strings; c < end; c++) if (*c == separator) *c = 0;

	/* Empty lines are no variables; empty strings are what the program was given. */
	size_t count = 0;
	for (char *c = strings; c < end; c += strlen(c) + 1) count += *c || !separator;
	char **vector = __wali_start_pages((count + 1) * sizeof *vector);
	char **entry = vector;
	for (char *c = strings; c < end; c += strlen(c) + 1)
		if (*c || !separator) *entry++ = c;
	return vector;
}
