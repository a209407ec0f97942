/* long double through printf, scanf and strtold. Every value is exact in 64 bits of mantissa, so the
   80-bit format of x86 and the 128-bit format agree. */
#include "check.h"
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const long double values[] = {
	0.0L, -0.0L, 1.0L, -1.5L, 0.5L, 1024.0L, 3.25L, 18446744073709551615.0L, -9223372036854775807.0L,
	0x1p100L, 0x1p-100L, 0x1.fffffffffffffffep0L, 0x1p4000L, 0x1p-4000L, 1e15L, 123456.789e3L,
};

static void conversions(void)
{
	static const char *const formats[] = {"%Lf", "%Le", "%Lg", "%.0Lf", "%.3Lf", "%.20Lg", "%+.5Le",
					      "%30.3Lg", "%-30.3Lg|", "%#Lg", "%030.2Le", "%LE", "%LG"};
	for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
		printf("%s:", formats[f]);
		for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
			/* The two huge ones are long in fixed notation. */
			if (strchr(formats[f], 'f') && fabsl(values[v]) > 0x1p200L)
				continue;
			putchar(' ');
			printf(formats[f], values[v]);
		}
		putchar('\n');
	}
	printf("%.10Lf %.10Lf\n", 0x1p-10L, -0x1p-10L);
	printf("%Lf %Lf %LF %Le\n", (long double)INFINITY, -(long double)INFINITY, (long double)NAN,
	       (long double)NAN);
	printf("%.100Lf\n", 0x1p-100L);
	CHECK(snprintf(NULL, 0, "%.0Lf", 0x1p16000L) == 4817);
	CHECK(snprintf(NULL, 0, "%.6Lf", LDBL_MAX) == 4940);
	CHECK(snprintf(NULL, 0, "%.0Lf", 0x1p-16000L) == 1);
}

static void hexadecimal(void)
{
	/* The leading digit is the library's choice, so only the value is checked. */
	for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
		char text[80];
		snprintf(text, sizeof text, "%La", values[v]);
		CHECK(strtold(text, NULL) == values[v]);
		snprintf(text, sizeof text, "%.36Lg", values[v]);
		CHECK(strtold(text, NULL) == values[v]);
	}
}

static void parsing(void)
{
	static const char *const texts[] = {"1", "0x1p-5", " \t-2.5e3x", "infinity", "-InF", "0x", "1e", "1e+",
					    ".5", ".", "0x.8p1", "1e5000", "-1e5000", "1e-6000", "",  "+7.", "0b1"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char *end;
		errno = 0;
		long double value = strtold(texts[i], &end);
		printf("'%s' -> %.12Lg, %d read, errno %d\n", texts[i], value, (int)(end - texts[i]), errno == ERANGE);
	}
	CHECK(strtold("18446744073709551615", NULL) == 18446744073709551615.0L);
	CHECK(strtold("1.5e300", NULL) * 0 == 0 && strtold("1e4000", NULL) > 1e308L);
	CHECK(isnan(strtold("nan", NULL)));
}

static void scanning(void)
{
	long double a = 0, b = 0;
	float narrow = 0;
	double usual = 0;
	CHECK(sscanf("1.25e2 -0x1.8p4 2.5 7.75", "%Lf %Lg %f %lf", &a, &b, &narrow, &usual) == 4);
	printf("%Lg %Lg %g %g\n", a, b, narrow, usual);
}

static long double sum(int count, ...)
{
	va_list arguments;
	va_start(arguments, count);
	long double total = 0;
	for (int i = 0; i < count; i++) {
		total += va_arg(arguments, int);
		total += va_arg(arguments, long double);
	}
	va_end(arguments);
	return total;
}

static void arithmetic(void)
{
	volatile long double one = 1, big = 0x1p63L;
	CHECK(big + one != big);
	CHECK((big + one) - big == 1);
	printf("%Lg %Lg %Lg\n", sqrtl(0x1p200L), floorl(-2.5L), fmodl(1e18L + 3, 10));
	printf("%Lg %Lg %Lg\n", ldexpl(1.5L, 10), scalbnl(1, -20), truncl(-7.9L));
	int exponent;
	long double fraction = frexpl(48.0L, &exponent), whole;
	printf("%Lg %d %Lg", fraction, exponent, modfl(-3.75L, &whole));
	printf(" %Lg\n", whole);
	printf("%ld %lld %ld\n", lrintl(2.5L), llroundl(-2.5L), lroundl(0x1p40L));
	printf("%Lg\n", sum(3, 1, 2.5L, 3, 4.25L, 5, -0x1p60L));
	printf("%d %d %d\n", (int)3.99L, (int)-3.99L, (unsigned)4000000000.5L == 4000000000u);
	printf("%lu %ld\n", (unsigned long)18446744073709551615.0L, (long)-9223372036854775807.0L);
	printf("%.6Lf %.6Lf %.6Lf %.6Lf\n", sinl(1), expl(1), logl(10), powl(2, 0.5L));
	printf("%.6Lf %.6Lf %.6Lf %.6Lf\n", atan2l(1, -1), cbrtl(2), tgammal(4.5L), erfl(0.5L));
}

int main(void)
{
	conversions();
	hexadecimal();
	parsing();
	scanning();
	arithmetic();
	return check_status();
}
