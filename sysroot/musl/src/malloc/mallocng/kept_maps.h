#include <stddef.h>
#include <features.h>

/* Keeps `len` bytes of whole pages at `map`; 0 if they are to be unmapped. */
hidden int __malloc_keep_map(void *map, size_t len);

/* A kept map of `len` bytes, all zero as a new one; null if there is none. */
hidden void *__malloc_kept_map(size_t len);
