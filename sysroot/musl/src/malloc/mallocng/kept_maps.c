/* Maps that free has no use for, kept for malloc's next groups and large blocks.
 *
 * Upstream gives each back to the kernel at once. A program whose blocks of some pages come and go then
 * spends more time with mapping, and with the faults of new pages, than with what it wants the memory
 * for. Whoever calls holds malloc's lock. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "kept_maps.h"
#include "meta.h"

enum {
	PAGE = 4096,
	/* The most pages of one map, and of all of them. */
	MOST_PAGES = 2048,
	/* The most maps. */
	MOST_MAPS = 32,
	/* One part of so many may be more than is asked for. */
	WASTE = 8,
};

/* In the order in which they came. */
static struct {
	unsigned char *at;
	size_t pages;
} maps[MOST_MAPS];
static unsigned n_maps;
static size_t n_pages;

static void forget(unsigned which)
{
	n_pages -= maps[which].pages;
	n_maps--;
	memmove(maps + which, maps + which + 1, (n_maps - which) * sizeof *maps);
}

int __malloc_keep_map(void *map, size_t len)
{
	size_t pages = len / PAGE;
	if (pages > MOST_PAGES)
		return 0;
	while (n_maps == MOST_MAPS || n_pages + pages > MOST_PAGES) {
		int error = errno;
		munmap(maps[0].at, maps[0].pages * PAGE);
		errno = error;
		forget(0);
	}
	maps[n_maps].at = map;
	maps[n_maps++].pages = pages;
	n_pages += pages;
	return 1;
}

void *__malloc_kept_map(size_t *len)
{
	size_t pages = *len / PAGE, least = pages + pages / WASTE + 1;
	unsigned best = MOST_MAPS;
	for (unsigned i = n_maps; i-- && least > pages;)
		if (maps[i].pages >= pages && maps[i].pages < least)
			best = i, least = maps[i].pages;
	if (best == MOST_MAPS)
		return NULL;
	unsigned char *at = maps[best].at;
	*len = least * PAGE;
	forget(best);
	memset(at, 0, UNIT);
	memset(at + *len - IB, 0, IB);
	return at;
}
