/* Sorting without memory: quicksort on medians, insertion sort for short runs, heapsort where the pivots
 * turn out bad. */
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

void __wali_sort_in_place(const struct order *order, char *base, size_t count)
{
	switch (order->width) {
	case 4:
		return sort(order, base, count, 4);
	case 8:
		return sort(order, base, count, 8);
	default:
		return sort(order, base, count, order->width);
	}
}
