#include <ftw.h>

typedef int visit(const char *, const struct stat *, int);

static _Thread_local visit *current;

/* nftw's callback has one parameter more than ftw's, which makes it another Wasm type: a cast of the
 * pointer would trap when it is called. */
static int without_position(const char *path, const struct stat *st, int type, struct FTW *position)
{
	return current(path, st, type);
}

int ftw(const char *path, visit *fn, int fd_limit)
{
	visit *outer = current;
	current = fn;
	int result = nftw(path, without_position, fd_limit, FTW_PHYS);
	current = outer;
	return result;
}
