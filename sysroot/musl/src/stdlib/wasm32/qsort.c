/* qsort_r, in place: quicksort on medians, insertion sort for short runs, heapsort where the pivots turn
 * out bad. Smoothsort, which musl has, compares and moves several times as much; comparing is a call
 * through a function pointer. What is sorted already takes one pass. */
#define _BSD_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include "sort.h"

enum {
	/* Runs up to this many elements are left to insertion sort. */
	SHORT_RUN = 8,
	/* From this many elements on a pivot is the median of three medians. */
	LONG_RUN = 64,
	/* The smaller part comes later, so each level halves what is left. */
	MOST_LEVELS = 8 * sizeof(size_t),
};

static inline __attribute__((always_inline)) void swap(char *a, char *b, size_t width)
{
	/* Copies of constant size are plain loads and stores, whatever the alignment. */
	for (; width >= 8; width -= 8, a += 8, b += 8) {
		uint64_t x, y;
		__builtin_memcpy(&x, a, 8);
		__builtin_memcpy(&y, b, 8);
		__builtin_memcpy(a, &y, 8);
		__builtin_memcpy(b, &x, 8);
	}
	if (width >= 4) {
		uint32_t x, y;
		__builtin_memcpy(&x, a, 4);
		__builtin_memcpy(&y, b, 4);
		__builtin_memcpy(a, &y, 4);
		__builtin_memcpy(b, &x, 4);
		width -= 4, a += 4, b += 4;
	}
	for (; width; width--, a++, b++) {
		char x = *a;
		*a = *b;
		*b = x;
	}
}

static inline __attribute__((always_inline)) int less(const struct order *order, const char *a, const char *b)
{
	if (order->plain)
		return order->plain(a, b) < 0;
	return order->compare(a, b, order->argument) < 0;
}

static inline __attribute__((always_inline)) char *median(const struct order *order, char *a, char *b, char *c)
{
	if (less(order, a, b)) {
		if (less(order, b, c))
			return b;
		return less(order, a, c) ? c : a;
	}
	if (less(order, a, c))
		return a;
	return less(order, b, c) ? c : b;
}

static inline __attribute__((always_inline)) void insertion_sort(const struct order *order, char *base,
								 size_t count, size_t width)
{
	char *end = base + count * width;
	for (char *next = base + width; next < end; next += width)
		for (char *at = next; at > base && less(order, at, at - width); at -= width)
			swap(at, at - width, width);
}

static void sink(const struct order *order, char *base, size_t at, size_t count)
{
	size_t width = order->width;
	for (size_t child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && less(order, base + child * width, base + (child + 1) * width))
			child++;
		if (!less(order, base + at * width, base + child * width))
			return;
		swap(base + at * width, base + child * width, width);
	}
}

static void heap_sort(const struct order *order, char *base, size_t count)
{
	for (size_t at = count / 2; at--;)
		sink(order, base, at, count);
	while (--count) {
		swap(base, base + count * order->width, order->width);
		sink(order, base, 0, count);
	}
}

static inline __attribute__((always_inline)) char *choose_pivot(const struct order *order, char *base,
								size_t count, size_t width)
{
	char *middle = base + count / 2 * width, *last = base + (count - 1) * width;
	if (count < LONG_RUN)
		return median(order, base, middle, last);
	size_t step = count / 8 * width;
	return median(order, median(order, base, base + step, base + 2 * step),
		      median(order, middle - step, middle, middle + step),
		      median(order, last - 2 * step, last - step, last));
}

/* Moves the pivot to where it belongs and what compares less and greater to its sides. The bounds are
 * tested too: a comparison that contradicts itself must not lead out of the array. */
static inline __attribute__((always_inline)) char *partition(const struct order *order, char *base,
							     size_t count, size_t width)
{
	char *last = base + (count - 1) * width;
	swap(base, choose_pivot(order, base, count, width), width);
	char *low = base, *high = last + width;
	for (;;) {
		do
			low += width;
		while (low < last && less(order, low, base));
		do
			high -= width;
		while (high > base && less(order, base, high));
		if (low >= high)
			break;
		swap(low, high, width);
	}
	swap(base, high, width);
	return high;
}

static inline __attribute__((always_inline)) void sort(const struct order *order, char *base, size_t count,
						       size_t width)
{
	struct {
		char *base;
		size_t count;
		unsigned n_bad;
	} later[MOST_LEVELS];
	size_t n_later = 0;
	/* How many partitions may be lopsided before pivots are given up. */
	unsigned n_bad = MOST_LEVELS - (unsigned)__builtin_clz(count | 1);
	for (;;) {
		if (count <= SHORT_RUN || !n_bad) {
			if (count <= SHORT_RUN)
				insertion_sort(order, base, count, width);
			else
				heap_sort(order, base, count);
			if (!n_later--)
				return;
			base = later[n_later].base;
			count = later[n_later].count;
			n_bad = later[n_later].n_bad;
			continue;
		}
		char *pivot = partition(order, base, count, width);
		size_t n_low = (size_t)(pivot - base) / width;
		size_t n_high = count - n_low - 1;
		if (n_low < count / 8 || n_high < count / 8)
			n_bad--;
		/* The larger part waits, so few of them ever do. */
		later[n_later].n_bad = n_bad;
		if (n_low < n_high) {
			later[n_later].base = pivot + width;
			later[n_later++].count = n_high;
			count = n_low;
		} else {
			later[n_later].base = base;
			later[n_later++].count = n_low;
			base = pivot + width;
			count = n_high;
		}
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
	if (count < 2 || !order->width || is_sorted(order, base, count))
		return;
	switch (order->width) {
	case 4:
		return sort(order, base, count, 4);
	case 8:
		return sort(order, base, count, 8);
	default:
		return sort(order, base, count, order->width);
	}
}

void __qsort_r(void *base, size_t count, size_t width, int (*compare)(const void *, const void *, void *),
	       void *argument)
{
	__wali_sort(&(struct order){.compare = compare, .argument = argument, .width = width}, base, count);
}

weak_alias(__qsort_r, qsort_r);
