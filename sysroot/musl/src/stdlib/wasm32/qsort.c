/* qsort_r: merges, which compare least and leave what compares equal in its order, as programs know it from
 * glibc. Smoothsort, which musl has, compares and moves several times as much; comparing is a call through a
 * function pointer. What is sorted already takes one pass. Without memory to merge in, it is sorted in place. */
#define _BSD_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sort.h"

enum {
	/* Runs up to this many elements are left to insertion sort. */
	SHORT_RUN = 6,
	/* Elements of more bytes are sorted by their addresses, and moved once. */
	WIDE = 32,
	/* So many bytes are merged on the stack. */
	ON_STACK = 1024,
};

static inline __attribute__((always_inline)) void copy(char *to, const char *from, size_t width)
{
	for (; width >= 8; width -= 8, to += 8, from += 8)
		__builtin_memcpy(to, from, 8);
	if (width >= 4) {
		__builtin_memcpy(to, from, 4);
		width -= 4, to += 4, from += 4;
	}
	for (; width; width--)
		*to++ = *from++;
}

/* Merges the first `n_left` elements, which are taken away for that, with those behind them. Where an
 * element comes from is computed, not jumped to: nobody can predict it. */
static inline __attribute__((always_inline)) void merge(const struct order *order, char *base, size_t n_left,
							size_t count, char *space, size_t width)
{
	char *to = base, *right = base + n_left * width, *end = base + count * width;
	if (!less(order, right, right - width))
		return;
	memcpy(space, base, n_left * width);
	char *left = space, *left_end = space + n_left * width;
	while (left < left_end && right < end) {
		size_t second = less(order, right, left);
		copy(to, second ? right : left, width);
		to += width;
		right += second ? width : 0;
		left += second ? 0 : width;
	}
	memcpy(to, left, (size_t)(left_end - left));
}

/* One for each width that is known beforehand, and one for the others. */
#define MERGE_SORT(name, width)                                                        \
	static void name(const struct order *order, char *base, size_t count, char *space) \
	{                                                                              \
		if (count <= SHORT_RUN)                                                \
			return insertion_sort(order, base, count, width);              \
		size_t n_left = count / 2;                                             \
		name(order, base, n_left, space);                                      \
		name(order, base + n_left * (width), count - n_left, space);           \
		merge(order, base, n_left, count, space, width);                       \
	}
MERGE_SORT(sort_4, 4)
MERGE_SORT(sort_8, 8)
MERGE_SORT(sort_any, order->width)

static void sort(const struct order *order, char *base, size_t count, char *space)
{
	switch (order->width) {
	case 4:
		return sort_4(order, base, count, space);
	case 8:
		return sort_8(order, base, count, space);
	default:
		return sort_any(order, base, count, space);
	}
}

/* Compares what two addresses lead to. */
static int by_address(const void *a, const void *b, void *argument)
{
	return less(argument, *(char *const *)a, *(char *const *)b) ? -1 : 0;
}

/* Sorts the elements' addresses, in space for one and a half of each and for one element, and moves the
 * elements along the cycles that come of it. */
static void sort_wide(const struct order *order, char *base, size_t count, char *space)
{
	size_t width = order->width;
	char **from = (char **)space, *kept = space + (count + count / 2) * sizeof *from;
	for (size_t i = 0; i < count; i++)
		from[i] = base + i * width;
	struct order addresses = {.compare = by_address, .argument = (void *)order, .width = sizeof *from};
	sort(&addresses, space, count, space + count * sizeof *from);
	for (size_t i = 0; i < count; i++) {
		char *at = base + i * width, *next = from[i];
		if (next == at)
			continue;
		memcpy(kept, at, width);
		while (next != base + i * width) {
			memcpy(at, next, width);
			at = next;
			char **entry = &from[(size_t)(at - base) / width];
			next = *entry;
			*entry = at;
		}
		memcpy(at, kept, width);
	}
}

static int is_sorted(const struct order *order, const char *base, size_t count)
{
	for (; count > 1; count--, base += order->width)
		if (less(order, base + order->width, base))
			return 0;
	return 1;
}

void __wali_sort(const struct order *order, void *base, size_t count)
{
	size_t width = order->width;
	if (count < 2 || !width || is_sorted(order, base, count))
		return;
	/* The array is in memory, so none of these numbers is too large. */
	int is_wide = width > WIDE;
	size_t n_bytes = is_wide ? (count + count / 2) * sizeof(char *) + width : count / 2 * width;
	_Alignas(char *) char on_stack[ON_STACK];
	char *space = on_stack, *allocated = NULL;
	if (n_bytes > sizeof on_stack) {
		/* The C library's own memory: a program's malloc may sort. */
		int error = errno;
		space = allocated = __libc_malloc(n_bytes);
		errno = error;
		if (!space)
			return __wali_sort_in_place(order, base, count);
	}
	if (is_wide)
		sort_wide(order, base, count, space);
	else
		sort(order, base, count, space);
	__libc_free(allocated);
}

void __qsort_r(void *base, size_t count, size_t width, int (*compare)(const void *, const void *, void *),
	       void *argument)
{
	__wali_sort(&(struct order){.compare = compare, .argument = argument, .width = width}, base, count);
}

weak_alias(__qsort_r, qsort_r);
