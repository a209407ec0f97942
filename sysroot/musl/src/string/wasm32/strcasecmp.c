/* strcasecmp and strncasecmp without a call for each character. All locales of this library have the same
 * letters below 128, and no others of one byte. */
#include <string.h>
#include <strings.h>

static inline int lower(unsigned char c)
{
	return (unsigned)c - 'A' < 26 ? c | 32 : c;
}

int strcasecmp(const char *a, const char *b)
{
	int difference;
	do
		difference = lower(*a) - lower(*b++);
	while (!difference && *a++);
	return difference;
}

int strncasecmp(const char *a, const char *b, size_t n)
{
	int difference = 0;
	while (n-- && !(difference = lower(*a) - lower(*b++)) && *a++)
		;
	return difference;
}

int __strcasecmp_l(const char *a, const char *b, locale_t locale)
{
	return strcasecmp(a, b);
}

int __strncasecmp_l(const char *a, const char *b, size_t n, locale_t locale)
{
	return strncasecmp(a, b, n);
}

weak_alias(__strcasecmp_l, strcasecmp_l);
weak_alias(__strncasecmp_l, strncasecmp_l);
