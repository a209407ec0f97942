/* What the driver needs besides what expressions use. */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "probe.h"

/* The addresses that stand in for an argument's plausible one. */
enum address {
	PLAUSIBLE,
	NOTHING,    /* null */
	HOLE,       /* where nothing is mapped */
	LAST_BYTES, /* the last sixteen bytes that a pointer can name */
	LOW,        /* in the first page */
	STRADDLES,  /* the first half of the data can be accessed, the rest cannot */
	LAST_BYTE,  /* the first byte can be accessed, the rest cannot */
	ODD,        /* not aligned */
	READ_ONLY,
	N_ADDRESSES,
};

void make_areas(void);
void make_files(void);
long long address(enum address value, int i, const struct arg *arg, long long plausible);

/* Becomes the first worker of namespaces of its own, in an empty root of its own; comes back in there only. */
void enter_namespaces(void);

#endif
