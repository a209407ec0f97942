/* The functions of <math.h> whose results are exact: rounding, remainders, parts, comparisons. Every
   result is printed with all its bits. */
#include "check.h"
#include <float.h>
#include <limits.h>
#include <math.h>
#include <string.h>

static const double values[] = {
	0.0,	-0.0,	  0.5,	    -0.5,     1.0,	-1.0,	  1.5,	    -1.5,	2.5,	   -2.5,
	0.3,	7.99,	  -7.99,    1e10,     -1e10,	4503599627370496.5, 9007199254740993.0, 1e300, 5e-324,
	2.2250738585072014e-308, 1.7976931348623157e308, INFINITY, -INFINITY, NAN, 0.49999999999999994,
	2147483647.5, -2147483648.5, 1e-200,
};
#define COUNT (sizeof values / sizeof *values)

static void show(const char *name, double value)
{
	unsigned long bits;
	memcpy(&bits, &value, sizeof bits);
	if (isnan(value))
		printf(" %s nan", name);
	else
		printf(" %s %016lx", name, bits);
}

static void show_float(const char *name, float value)
{
	unsigned bits;
	memcpy(&bits, &value, sizeof bits);
	if (isnan(value))
		printf(" %s nan", name);
	else
		printf(" %s %08x", name, bits);
}

static void one_argument(double x)
{
	int exponent;
	double whole;
	show("x", x);
	show("floor", floor(x));
	show("ceil", ceil(x));
	show("trunc", trunc(x));
	show("round", round(x));
	show("rint", rint(x));
	show("near", nearbyint(x));
	show("fabs", fabs(x));
	show("sqrt", sqrt(x));
	show("logb", logb(x));
	show("modf", modf(x, &whole));
	show("whole", whole);
	show("frexp", frexp(x, &exponent));
	if (isfinite(x))
		printf(" %d", exponent);
	show("up", nextafter(x, INFINITY));
	show("down", nextafter(x, -INFINITY));
	show("ldexp", ldexp(x, 3));
	show("scalbn", scalbn(x, -1070));
	show("scalbln", scalbln(x, 2000));
	printf(" class %d %d %d %d %d %d", isnan(x) != 0, isinf(x) != 0, isfinite(x) != 0, isnormal(x) != 0,
	       isnan(x) ? 0 : signbit(x) != 0, fpclassify(x) == FP_SUBNORMAL);
	if (fabs(x) < 1e18)
		printf(" %ld %ld %lld %lld", lrint(x), lround(x), llrint(x), llround(x));
	if (x != 0 && isfinite(x))
		printf(" ilogb %d", ilogb(x));
	putchar('\n');
	float y = (float)x;
	show_float("y", y);
	show_float("floor", floorf(y));
	show_float("ceil", ceilf(y));
	show_float("trunc", truncf(y));
	show_float("round", roundf(y));
	show_float("rint", rintf(y));
	show_float("sqrt", sqrtf(y));
	show_float("up", nextafterf(y, INFINITY));
	show_float("logb", logbf(y));
	show_float("frexp", frexpf(y, &exponent));
	show_float("scalbn", scalbnf(y, 100));
	putchar('\n');
}

static void two_arguments(double x, double y)
{
	show("", fmod(x, y));
	show("", remainder(x, y));
	show("", copysign(x, y));
	show("", fdim(x, y));
	if (x != 0 || y != 0) {
		show("", fmax(x, y));
		show("", fmin(x, y));
	}
	show("", nextafter(x, y));
	show_float("", fmodf((float)x, (float)y));
	show_float("", fdimf((float)x, (float)y));
	printf(" %d%d%d%d%d%d\n", isgreater(x, y), isgreaterequal(x, y), isless(x, y), islessequal(x, y),
	       islessgreater(x, y), isunordered(x, y));
}

static void special_cases(void)
{
	int quotient;
	CHECK(remquo(7.5, 2, &quotient) == -0.5 && quotient == 4);
	CHECK(remquo(-7.5, 2, &quotient) == 0.5 && quotient == -4);
	CHECK(ilogb(0.0) == FP_ILOGB0 && ilogb(INFINITY) == INT_MAX && ilogb(NAN) == FP_ILOGBNAN);
	CHECK(nexttoward(1.0, 2.0L) == 1.0 + DBL_EPSILON && nexttowardf(1.0f, 0.0L) < 1.0f);
	CHECK(isnan(nan("")) && isnan(nanf("1")));
	CHECK(isinf(HUGE_VAL) && isinf(HUGE_VALF));
	/* One rounding, not two. */
	volatile double a = 1.0 + 0x1p-30, b = 1.0 - 0x1p-30, c = -1.0;
	CHECK(fma(a, b, c) == -0x1p-60);
	CHECK(fma(0x1p-600, 0x1p-500, 0x1p-1074) == 0x1p-1074 && fma(0x1p1000, 0x1p100, -INFINITY) == -INFINITY);
	CHECK(fmaf(1.0f + 0x1p-12f, 1.0f - 0x1p-12f, -1.0f) == -0x1p-24f);
	CHECK(isnan(fma(INFINITY, 0, 1)) && isnan(fmod(1, 0)) && isnan(sqrt(-1)));
	double whole;
	CHECK(modf(-INFINITY, &whole) == 0 && isinf(whole) && signbit(modf(-3.0, &whole)));
}

int main(void)
{
	for (size_t i = 0; i < COUNT; i++)
		one_argument(values[i]);
	for (size_t i = 0; i < COUNT; i++)
		for (size_t j = 0; j < COUNT; j++)
			two_arguments(values[i], values[j]);
	special_cases();
	return check_status();
}
