/* Maps that free has no use for, kept for malloc's next groups of as many pages.
 *
 * Upstream gives each back to the kernel at once. A program whose blocks of a few pages come and go then
 * spends more time with mapping, and with the faults of new pages, than with what it wants the memory
 * for. Whoever calls holds malloc's lock. */
#include <string.h>
#include "kept_maps.h"

enum {
	PAGE = 4096,
	/* The pages of the largest map that is kept: clearing a larger one costs as much as a new one. */
	LARGEST = 16,
	/* The most maps of a size. */
	EACH = 8,
	/* The most pages of all. */
	MOST = 128,
};

static void *maps[LARGEST][EACH];
static unsigned char n_maps[LARGEST];
static unsigned n_pages;

int __malloc_keep_map(void *map, size_t len)
{
	size_t pages = len / PAGE;
	if (pages > LARGEST || n_pages + pages > MOST || n_maps[pages - 1] == EACH)
		return 0;
	n_pages += pages;
	maps[pages - 1][n_maps[pages - 1]++] = map;
	return 1;
}

void *__malloc_kept_map(size_t len)
{
	size_t pages = len / PAGE;
	if (pages > LARGEST || !n_maps[pages - 1])
		return 0;
	n_pages -= pages;
	return memset(maps[pages - 1][--n_maps[pages - 1]], 0, len);
}
