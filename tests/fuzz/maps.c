/* Reads /proc/self/maps. */
#include "maps.h"

#include "probe.h"

#include <stdlib.h>

/* The reservation: 4 GiB, a guard of as much and one page. */
#define RESERVED ((2ULL << 32) + 4096)
#define ALIGNMENT (1ULL << 32)

static char list[1 << 18];

int open_maps(void)
{
	int fd = open("/proc/self/maps", O_RDONLY);
	if (fd < 0)
		return -1;
	int high = fcntl(fd, F_DUPFD, 200);
	close(fd);
	return high;
}

/* A row of mappings without a gap and without code. */
static void add_row(struct maps *maps, unsigned long long wanted, unsigned long long start, unsigned long long end)
{
	unsigned long long base = (start + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (wanted)
		base = wanted;
	if (start <= base && end > base && end - base >= RESERVED)
		maps->reserved = base;
}

void read_maps(int fd, unsigned long long reserved, struct maps *maps)
{
	size_t length = 0;
	*maps = (struct maps){.code = 1469598103934665603ULL};
	for (ssize_t n; fd >= 0 && (n = pread(fd, list + length, sizeof list - 1 - length, length)) > 0;)
		length += n;
	list[length] = 0;
	unsigned long long row_start = 0, row_end = 0;
	for (char *line = list; *line; line = strchr(line, '\n') + 1) {
		char *rest;
		unsigned long long start = strtoull(line, &rest, 16), end = strtoull(rest + 1, &rest, 16);
		/* " rwxp": what is executable is no part of a reservation. */
		if (rest[3] == 'x') {
			maps->code = (maps->code ^ start) * 1099511628211ULL;
			maps->code = (maps->code ^ end) * 1099511628211ULL;
			maps->code = (maps->code ^ (unsigned char)rest[2]) * 1099511628211ULL;
			add_row(maps, reserved, row_start, row_end);
			row_start = row_end = 0;
			continue;
		}
		if (start != row_end) {
			add_row(maps, reserved, row_start, row_end);
			row_start = start;
		}
		row_end = end;
		if (!strchr(line, '\n'))
			break;
	}
	add_row(maps, reserved, row_start, row_end);
	maps->is_known = maps->reserved != 0 || length > 0;
}

int compare_maps(const struct maps *before, const struct maps *after)
{
	char line[200];
	int n;
	if (!before->is_known || !after->is_known)
		return 1;
	if (before->reserved != after->reserved)
		n = snprintf(line, sizeof line, "the reservation at %#llx has a hole or code\n", before->reserved);
	else if (before->code != after->code)
		n = snprintf(line, sizeof line, "the executable mappings have changed\n");
	else
		return 1;
	if (write(2, line, n) < 0 || write(2, list, strlen(list)) < 0)
		return 0;
	return 0;
}
