/* What is sorted, and by which of two kinds of comparisons; what both ways of sorting need. */
#ifndef WALI_SORT_H
#define WALI_SORT_H

#include <stddef.h>
#include <stdint.h>

struct order {
	/* Null when `compare` is the one. */
	int (*plain)(const void *, const void *);
	int (*compare)(const void *, const void *, void *);
	void *argument;
	size_t width;
};

hidden void __wali_sort(const struct order *, void *base, size_t count);
hidden void __wali_sort_in_place(const struct order *, char *base, size_t count);

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

static inline __attribute__((always_inline)) void insertion_sort(const struct order *order, char *base,
								 size_t count, size_t width)
{
	char *end = base + count * width;
	for (char *next = base + width; next < end; next += width)
		for (char *at = next; at > base && less(order, at, at - width); at -= width)
			swap(at, at - width, width);
}

#endif
