#include <stddef.h>
#include <features.h>

/* Keeps the `len` bytes of whole pages at `map`, and unmaps what was kept for longest where there is too
 * much; 0 if they are to be unmapped themselves. */
hidden int __malloc_keep_map(void *map, size_t len);

/* A kept map of `len` bytes of whole pages or somewhat more, which `len` tells then; null if there is none.
 * Of what was in it only the group's header and the last word are cleared. */
hidden void *__malloc_kept_map(size_t *len);
