/* What must not change about a process's mappings, whatever a program calls: the reservation that its memory
 * lies in has no hole and nothing executable, and the code outside of it stays as it is. */
#ifndef MAPS_H
#define MAPS_H

struct maps {
	unsigned long long reserved; /* where the reservation is, if it is whole */
	unsigned long long code;     /* a hash of the executable mappings */
	int is_known;
};

/* A descriptor of the list that random calls do not touch, or -1. */
int open_maps(void);
/* Looks for the reservation at `reserved`, or anywhere when that is 0. */
void read_maps(int fd, unsigned long long reserved, struct maps *maps);
/* Whether both are as they have to be; says what is not. */
int compare_maps(const struct maps *before, const struct maps *after);

#endif
