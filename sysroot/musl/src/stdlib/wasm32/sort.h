/* What is sorted, and by which of two kinds of comparisons. */
#ifndef WALI_SORT_H
#define WALI_SORT_H

#include <stddef.h>

struct order {
	/* Null when `compare` is the one. */
	int (*plain)(const void *, const void *);
	int (*compare)(const void *, const void *, void *);
	void *argument;
	size_t width;
};

hidden void __wali_sort(const struct order *, void *base, size_t count);

#endif
