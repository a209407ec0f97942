/* Requests of ioctl with addresses that are none. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include "calls.h"
#include <fcntl.h>
#include <sys/ioctl.h>

/* An address behind the end of what a program can have; natively that is one of the kernel's, which calls
 * refuse before they look at anything else, so there it is another at which nothing is. */
static void *volatile behind = sizeof(void *) == 4 ? (void *)-64 : (void *)8192;

/* A request with addresses at which there is nothing. */
#define SHOW_BAD(fd, request) show_bad(#fd ", " #request, fd, request)

static inline void show_bad(const char *name, int fd, unsigned long request)
{
	void *const bad[] = {NULL, nowhere, behind};
	printf("%s:", name);
	for (int i = 0; i < 3; i++) {
		errno = 0;
		int result = ioctl(fd, request, bad[i]);
		printf(result == -1 ? " errno %d" : " %d", result == -1 ? errno : result);
	}
	printf("\n");
}

/* Opens a device and prints how that goes. */
static inline int open_device(const char *name, int flags)
{
	int fd = open(name, flags | O_CLOEXEC);
	printf("%s: errno %d\n", name, fd < 0 ? errno : 0);
	return fd;
}

#endif
