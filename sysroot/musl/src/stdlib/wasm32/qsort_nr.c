/* The comparison is called directly: a wrapper of the other kind would double the calls. */
#include <stdlib.h>
#include "sort.h"

void qsort(void *base, size_t count, size_t width, int (*compare)(const void *, const void *))
{
	__wali_sort(&(struct order){.plain = compare, .width = width}, base, count);
}
