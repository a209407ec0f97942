// sizes: 10 100 1000 4000
/* A program with SIZE functions, each in the function table, one of which is called. */
#include <stdio.h>

typedef unsigned function(unsigned);
#define ONE(n) static unsigned f##n(unsigned x) { return x * (2 * n##u + 3) ^ (x >> (n##u % 31)); }
#define TEN(m, n) m(n##0) m(n##1) m(n##2) m(n##3) m(n##4) m(n##5) m(n##6) m(n##7) m(n##8) m(n##9)
#define HUNDRED(m, n) TEN(m, n##0) TEN(m, n##1) TEN(m, n##2) TEN(m, n##3) TEN(m, n##4) \
	TEN(m, n##5) TEN(m, n##6) TEN(m, n##7) TEN(m, n##8) TEN(m, n##9)
#define THOUSAND(m, n) HUNDRED(m, n##0) HUNDRED(m, n##1) HUNDRED(m, n##2) HUNDRED(m, n##3) \
	HUNDRED(m, n##4) HUNDRED(m, n##5) HUNDRED(m, n##6) HUNDRED(m, n##7) HUNDRED(m, n##8) HUNDRED(m, n##9)
#if SIZE == 10
#define ALL(m) TEN(m, 1)
#elif SIZE == 100
#define ALL(m) HUNDRED(m, 1)
#elif SIZE == 1000
#define ALL(m) THOUSAND(m, 1)
#else
#define ALL(m) THOUSAND(m, 1) THOUSAND(m, 2) THOUSAND(m, 3) THOUSAND(m, 4)
#endif
#define ADDRESS(n) f##n,

ALL(ONE)
static function *const table[] = { ALL(ADDRESS) };

int main(int argc, char **argv)
{
	printf("%u\n", table[argc * 7 % SIZE](12345));
	return 0;
}
