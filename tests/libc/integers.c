/* Integer and conversion operations at their edges: shifts, rotations, bit counts, overflow checks, saturation. */
#include "check.h"
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

static void bits(void)
{
	static volatile uint64_t values[] = {0, 1, 0x80, 0x8000, 0x80000000, 0x8000000000000000, 0xffffffffffffffff, 0x123456789abcdef0};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		uint64_t v = values[i];
		uint32_t w = (uint32_t)v;
		printf("%d %d %d ", __builtin_popcountll(v), __builtin_parityll(v), __builtin_ffsll((long long)v));
		if (v)
			printf("%d %d ", __builtin_clzll(v), __builtin_ctzll(v));
		if (w)
			printf("%d %d ", __builtin_clz(w), __builtin_ctz(w));
		printf("%lx %x %x ", __builtin_bswap64(v), __builtin_bswap32(w), __builtin_bswap16((uint16_t)v));
		printf("%lx %x\n", v << 13 | v >> 51, w << 7 | w >> 25);
	}
}

static void checked(void)
{
	int i;
	long l;
	unsigned u;
	volatile int maximum = INT_MAX, minimum = INT_MIN;
	volatile long long_maximum = LONG_MAX;
	CHECK(__builtin_add_overflow(maximum, 1, &i) && i == INT_MIN && __builtin_sub_overflow(minimum, 1, &i));
	CHECK(__builtin_mul_overflow(maximum, 2, &i) && !__builtin_mul_overflow(maximum, 2L, &l) && l == 4294967294L);
	CHECK(__builtin_mul_overflow(long_maximum, 3L, &l) && __builtin_sub_overflow(1u, 2u, &u) && u == UINT_MAX);
	__int128 wide;
	CHECK(!__builtin_mul_overflow((__int128)long_maximum, (__int128)long_maximum, &wide));
	CHECK(__builtin_mul_overflow(wide, wide, &wide));
}

static void division(void)
{
	static volatile long numbers[] = {7, -7, LONG_MIN, LONG_MAX, 1, 0};
	static volatile long divisors[] = {2, -2, 3, LONG_MAX, 10};
	for (size_t i = 0; i < 6; i++) {
		for (size_t j = 0; j < 5; j++)
			printf("%ld %ld %lu %d ", numbers[i] / divisors[j], numbers[i] % divisors[j],
			       (unsigned long)numbers[i] / (unsigned long)divisors[j], (int)numbers[i] / (int)(divisors[j] & 0xff));
		putchar('\n');
	}
	volatile int shift = 31;
	printf("%d %u %d %ld\n", -1 >> shift, ~0u >> shift, (int)(1u << shift), (long)((unsigned long)1 << (shift + 32)));
}

static void conversions(void)
{
	static volatile double doubles[] = {0, -0.0, 0.99, -0.99, 1e9, -1e9, 2147483647.0, -2147483648.0, 4294967295.0, 9e18, -9e18};
	for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++)
		printf("%ld %ld ", (long)doubles[i], (long)(float)doubles[i]);
	volatile double big = 1.8e19;
	volatile uint64_t large = 18446744073709551615u;
	volatile int64_t edge = 9007199254740993;
	printf("%lu %.17g %.17g %.9g\n", (unsigned long)big, (double)large, (double)edge, (float)edge);
	volatile int odd = 16777217;
	volatile float small = (float)odd;
	volatile unsigned un = 4294967295u;
	printf("%.9g %.9g %.17g\n", small, (float)un, (double)un);
	volatile int value = 0x12345678;
	printf("%d %d %u %u\n", (signed char)(value >> 4), (short)value, (unsigned char)value, (unsigned short)(value * 3));
}

static void fields(void)
{
	struct {
		int a : 3;
		unsigned b : 5;
		long c : 40;
		unsigned char d : 1;
	} f = {0};
	volatile int seven = 7;
	f.a = (signed char)(seven << 5) >> 5;
	f.b = (unsigned)(seven * 5) & 31;
	f.c = -(1L << 38);
	f.d = (unsigned char)seven & 1;
	printf("%d %u %ld %d\n", f.a, f.b, (long)f.c, f.d);
	static const unsigned char bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	uint64_t unaligned;
	memcpy(&unaligned, bytes + 1, 8);
	CHECK(unaligned == 0x0908070605040302);
}

int main(void)
{
	bits();
	checked();
	division();
	conversions();
	fields();
	return check_status();
}
