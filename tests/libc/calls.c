/* Calling conventions: variable arguments, structures by value, function pointers of many types, 128-bit and
   small integers, recursion through pointers. */
#include "check.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct small {
	char a;
};
struct middle {
	int a;
	double b;
};
struct large {
	long values[20];
};
struct empty {};
union either {
	float f;
	int i;
};

static double mixed(int count, ...)
{
	va_list list, copy;
	double total = 0;
	va_start(list, count);
	va_copy(copy, list);
	for (int i = 0; i < count; i++) {
		total += va_arg(list, int);
		total += va_arg(list, double);
		total += (double)va_arg(list, long long);
		total += (double)strlen(va_arg(list, char *));
	}
	total += va_arg(copy, int);
	va_end(copy);
	va_end(list);
	return total;
}

static int structures(int first, ...)
{
	va_list list;
	va_start(list, first);
	struct small s = va_arg(list, struct small);
	struct middle m = va_arg(list, struct middle);
	struct large l = va_arg(list, struct large);
	int last = va_arg(list, int);
	va_end(list);
	return first + s.a + m.a + (int)m.b + (int)l.values[19] + last;
}

static struct large make_large(struct small s, struct middle m, struct empty e, union either u)
{
	struct large result = {{0}};
	(void)e;
	result.values[0] = s.a;
	result.values[1] = m.a;
	result.values[2] = (long)(m.b * 2);
	result.values[19] = u.i;
	return result;
}

static __int128 wide(__int128 a, unsigned __int128 b)
{
	return a * 3 - (__int128)(b >> 64);
}

static bool truth(bool a, unsigned char b, signed char c, unsigned short d)
{
	return a && b == 200 && c == -100 && d == 60000;
}

static int add(int a, int b) { return a + b; }
static int subtract(int a, int b) { return a - b; }
static double half(double a) { return a / 2; }
static void nothing(void) {}
static long many(int a, long b, float c, double d, char e, short f, void *g, unsigned h, long long i, double j)
{
	return a + b + (long)c + (long)d + e + f + (g != NULL) + h + i + (long)j;
}

typedef int binary(int, int);
static binary *const table[] = {add, subtract};

static binary *choose(int which)
{
	return table[which];
}

static int apply(int (*function)(int (*)(int, int), int, int), int a, int b)
{
	return function(add, a, b);
}

static int calls(int (*function)(int, int), int a, int b)
{
	return function(a, b);
}

static void print_list(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
}

static int fixed_point(int n, int (*self)(int, void *), void *me)
{
	return n < 2 ? 1 : n * self(n - 1, me);
}

static int factorial(int n, void *me)
{
	return fixed_point(n, factorial, me);
}

int main(void)
{
	printf("%g\n", mixed(2, 1, 2.5, 3ll << 33, "four", -5, -6.25, -7ll, ""));
	struct large l = {{[19] = 19}};
	printf("%d\n", structures(1, (struct small){2}, (struct middle){3, 4.5}, l, 5));
	l = make_large((struct small){-1}, (struct middle){2, 1.5}, (struct empty){}, (union either){.i = 77});
	printf("%ld %ld %ld %ld\n", l.values[0], l.values[1], l.values[2], l.values[19]);
	__int128 w = wide((__int128)1 << 100, (unsigned __int128)5 << 64);
	printf("%016" PRIx64 "%016" PRIx64 "\n", (uint64_t)(w >> 64), (uint64_t)w);
	volatile __int128 dividend = -((__int128)1000000007 << 70), divisor = 12345678901234567;
	printf("%" PRId64 " %" PRId64 "\n", (int64_t)(dividend / divisor / 1000000), (int64_t)(dividend % divisor));
	printf("%.6e %.6e\n", (double)dividend, (double)(unsigned __int128)divisor);
	CHECK(truth(2 > 1, 200, -100, 60000) && choose(1)(5, 3) == 2 && choose(0)(5, 3) == 8);
	CHECK(apply(calls, 20, 22) == 42 && factorial(10, NULL) == 3628800);
	double (*volatile halves)(double) = half;
	void (*volatile does)(void) = nothing;
	long (*volatile takes)(int, long, float, double, char, short, void *, unsigned, long long, double) = many;
	does();
	CHECK(halves(5) == 2.5 && takes(1, 2, 3, 4, 5, 6, &l, 8, 9, 10) == 49);
	CHECK((void *)table[0] != (void *)table[1] && table[0] == add);
	print_list("%s %d %.1f %c %lld\n", "list", 1, 2.5, 'c', 4ll);
	char text[64];
	CHECK(snprintf(text, sizeof text, "%d %d %d %d %d %d %d %d %d %d %d %d", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) == 26);
	return check_status();
}
