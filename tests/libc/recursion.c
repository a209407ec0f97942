/* Deep but finite recursion, large frames, alloca and variable length arrays. */
#include "check.h"
#include <alloca.h>
#include <string.h>

static unsigned long sum(unsigned long n)
{
	volatile unsigned long kept = n;
	return n ? kept + sum(n - 1) : 0;
}

static int even(unsigned n);

static int odd(unsigned n)
{
	volatile unsigned kept = n;
	return kept ? even(n - 1) : 0;
}

static int even(unsigned n)
{
	volatile unsigned kept = n;
	return kept ? odd(n - 1) : 1;
}

static long large_frame(int depth)
{
	volatile char frame[100000];
	frame[0] = (char)depth;
	frame[sizeof frame - 1] = 1;
	return depth ? large_frame(depth - 1) + frame[0] + frame[sizeof frame - 1] : 0;
}

static size_t variable(size_t n)
{
	char array[n], *more = alloca(n);
	memset(array, 1, n);
	memset(more, 2, n);
	size_t total = 0;
	for (size_t i = 0; i < n; i++)
		total += (size_t)(array[i] + more[i]);
	return total + (n > 1 ? variable(n / 2) : 0);
}

static int ackermann(int m, int n)
{
	return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

int main(void)
{
	printf("%lu\n", sum(20000));
	printf("%d %d\n", even(10001), odd(10001));
	printf("%ld\n", large_frame(20));
	printf("%zu\n", variable(100000));
	printf("%d\n", ackermann(2, 300));
	return check_status();
}
