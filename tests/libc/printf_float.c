/* printf's floating conversions of double. */
#include "check.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double values[] = {
	0.0,     -0.0,   1.0,      -1.0,    0.1,          0.5,      1.5,    2.5,          123456789.0,
	1e15,    1e16,   1e17,     1e21,    1e22,         1e23,     1e100,  9.995,        0.00001234,
	1e-5,    1e-4,   1234567.5, 9999995, 4503599627370496.5, 0.3,      1e-300, 1.7976931348623157e308,
	5e-324,  2.2250738585072014e-308,    3.141592653589793,  INFINITY, -INFINITY,
};

static void each_conversion(void)
{
	static const char *const formats[] = {
		"%f", "%e", "%g", "%a", "%F", "%E", "%G", "%A", "%.0f", "%.0e", "%.0g", "%.0a", "%.1a", "%#.0f",
		"%#.0e", "%#g", "%#.0a", "%+f", "% f", "%.3f", "%.3e", "%.3g", "%.17g", "%.20e", "%.30f",
		"%12.4g", "%-12.4g|", "%012.4e", "%+.2a", "%020a",
	};
	for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
		printf("%s:", formats[f]);
		for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
			/* The leading digit of a subnormal number is the library's choice. */
			if (strpbrk(formats[f], "aA") && fabs(values[v]) < DBL_MIN)
				continue;
			putchar(' ');
			printf(formats[f], values[v]);
		}
		putchar('\n');
	}
}

static void not_a_number(void)
{
	printf("[%f] [%F] [%5.1f] [%-6e] [%06g] [%a]\n", NAN, NAN, NAN, NAN, NAN, NAN);
	printf("[%06f] [%+f] [% e] [%-8F]\n", INFINITY, INFINITY, INFINITY, -INFINITY);
}

static void many_digits(void)
{
	printf("%.1100f\n", DBL_MIN);
	printf("%.60f\n", 0.1);
	printf("%.400g\n", DBL_MAX);
	printf("%.800e\n", 5e-324);
	char wide[2100];
	CHECK(snprintf(wide, sizeof wide, "%2000.3f", 2.0 / 3) == 2000 && !strcmp(wide + 1995, "0.667"));
	CHECK(snprintf(NULL, 0, "%f", DBL_MAX) == 316);
	CHECK(snprintf(NULL, 0, "%.5000f", 1.0) == 5002);
}

/* Halfway cases go to the even digit, exactly. */
static void rounding(void)
{
	printf("%.0f %.0f %.0f %.0f %.0f\n", 0.5, 1.5, 2.5, 3.5, -0.5);
	printf("%.2f %.2f %.2f\n", 1.005, 1.015, 1.125);
	printf("%.1e %.1e\n", 1.25, 1.35);
	printf("%.3g %.3g %.3g\n", 1234.5, 1235.5, 0.00012345);
	printf("%g %g %g %g\n", 100000.0, 1000000.0, 0.0001, 0.00001);
	printf("%.0a %.0a %.0a %.1a\n", 1.5, 2.5, 0x1.8p0, 0x1.08p0);
}

static void round_trips(void)
{
	unsigned long state = 88172645463325252ul;
	for (int i = 0; i < 20000; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		double value;
		memcpy(&value, &state, sizeof value);
		if (!isfinite(value))
			continue;
		char text[64];
		snprintf(text, sizeof text, "%.17g", value);
		CHECK(strtod(text, NULL) == value);
		snprintf(text, sizeof text, "%a", value);
		CHECK(strtod(text, NULL) == value);
		if (i % 4000 == 0)
			printf("%.17g\n", value);
	}
}

/* Any doubles in any form: a hash of what is printed. */
static void any_doubles(void)
{
	static const char *const forms[] = {"%.17g", "%f", "%e", "%g", "%.3f", "%.0e", "%.25g", "%#.9g", "%.1f"};
	uint64_t seed = 1, hash = 0;
	for (int i = 0; i < 40000; i++) {
		char text[700];
		double value;
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		uint64_t bits = seed ^ seed >> 31;
		if (i % 3 == 0)
			value = (double)(int64_t)(bits >> (i % 60)) / 1000;
		else
			memcpy(&value, &bits, sizeof value);
		if (value != value)
			continue;
		snprintf(text, sizeof text, forms[i % 9], value);
		for (char *at = text; *at; at++)
			hash = (hash ^ (unsigned char)*at) * 0x100000001b3;
		if (i % 1000 == 0)
			printf("%s %016lx\n", text, (unsigned long)hash);
	}
	printf("%016lx\n", (unsigned long)hash);
}

int main(void)
{
	any_doubles();
	each_conversion();
	not_a_number();
	many_digits();
	rounding();
	round_trips();
	return check_status();
}
