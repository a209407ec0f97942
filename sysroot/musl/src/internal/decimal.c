/* Decimal numbers as people and programs write them, with up to 19 digits and moderate exponents, in integers
 * of 128 bits. The general way calculates in long double, which has no instructions here. */
#include <float.h>
#include "decimal.h"

enum { MOST = 27, MOST_EXACT = 22 };

static const uint64_t powers_of_5[MOST + 1] = {
	1ull, 5ull, 25ull, 125ull, 625ull, 3125ull, 15625ull, 78125ull, 390625ull, 1953125ull, 9765625ull,
	48828125ull, 244140625ull, 1220703125ull, 6103515625ull, 30517578125ull, 152587890625ull,
	762939453125ull, 3814697265625ull, 19073486328125ull, 95367431640625ull, 476837158203125ull,
	2384185791015625ull, 11920928955078125ull, 59604644775390625ull, 298023223876953125ull,
	1490116119384765625ull, 7450580596923828125ull,
};

static const double powers_of_10[MOST_EXACT + 1] = {
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
	1e19, 1e20, 1e21, 1e22,
};

static double power_of_2(int exponent)
{
	union {
		uint64_t bits;
		double value;
	} power = {(uint64_t)(DBL_MAX_EXP - 1 + exponent) << (DBL_MANT_DIG - 1)};
	return power.value;
}

int __wali_decimal(uint64_t digits, long long exponent, int bits, double *value)
{
	if (!digits || exponent < -MOST || exponent > MOST)
		return 0;
	int n = exponent < 0 ? -exponent : exponent;
	/* Both are exact, so what one operation makes of them is rounded once. */
	if (bits == DBL_MANT_DIG && digits >> DBL_MANT_DIG == 0 && n <= MOST_EXACT) {
		*value = exponent < 0 ? digits / powers_of_10[n] : digits * powers_of_10[n];
		return 1;
	}
	/* The number is product * 2^scale, or a little more. */
	unsigned __int128 product;
	int scale = exponent, more = 0;
	uint64_t power = powers_of_5[n];
	if (exponent >= 0) {
		product = (unsigned __int128)digits * power;
	} else {
		int up = __builtin_clzll(digits), power_up = __builtin_clzll(power);
		unsigned __int128 dividend = (unsigned __int128)(digits << up) << 64;
		power <<= power_up;
		product = dividend / power;
		more = product * power != dividend;
		scale += power_up - up - 64;
	}
	uint64_t high = product >> 64, low = product;
	int excess = (high ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll(low)) - bits;
	if (excess > 0) {
		unsigned __int128 half = (unsigned __int128)1 << (excess - 1);
		unsigned __int128 rest = product & (half * 2 - 1);
		product >>= excess;
		if (rest > half || (rest == half && (more || product & 1)))
			product++;
		scale += excess;
	}
	*value = (uint64_t)product * power_of_2(scale);
	return bits == DBL_MANT_DIG || *value <= FLT_MAX;
}
