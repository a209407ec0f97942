/* Expectations of the programs in this folder: include it first. */
#ifndef CHECK_H
#define CHECK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdint.h>
#include <stdio.h>

/* The exit status of a program one of whose checks failed. */
#define CHECK_FAILED_STATUS 99

static int check_failures;

static inline int check_report(const char *file, int line, const char *text)
{
	check_failures++;
	printf("check failed: %s:%d: %s\n", file, line, text);
	fflush(stdout);
	return 0;
}

/* Prints the condition when it does not hold, and goes on; is 1 when it holds. */
#define CHECK(condition) \
	((condition) ? 1 : check_report(__FILE_NAME__, __LINE__, #condition))

/* Expects `call` to return -1, of whatever type ((size_t)-1, SIG_ERR, …), and to set errno to `code`. */
#define CHECK_ERRNO(call, code)                                                     \
	do {                                                                        \
		errno = 0;                                                          \
		long check_result = (long)(call);                                   \
		int check_errno = errno;                                            \
		if ((check_result != -1 && check_result != (long)SIZE_MAX) || check_errno != (code)) {                  \
			check_report(__FILE_NAME__, __LINE__, #call " gives " #code); \
			printf("  result %ld, errno %d\n", check_result, check_errno); \
		}                                                                   \
	} while (0)

/* The status main returns. */
static inline int check_status(void)
{
	return check_failures ? CHECK_FAILED_STATUS : 0;
}

#endif
