/* strtod, strtof and atof: exact rounding at the hard edges, what is read, range errors. */
#include "check.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static unsigned long bits(double value)
{
	unsigned long result;
	memcpy(&result, &value, sizeof result);
	return result;
}

static void texts(void)
{
	static const char *const inputs[] = {
		"0", "-0", "1", "+1", "1.", ".1", "1e5", "1E-5", "1e+5", "1e", "1e+", "1ex", "0x10", "0x1.8p3", "0x.1",
		"0x1p", "0x", "0xg", "inf", "INFINITY", "infinit", "nan", "NaN", "nanx", "  7", "\t\n\v\f\r8", "x", "",
		"1_000", "1,5", "--1", "1e400", "-1e400", "1e-400", "2.2250738585072014e-308", "2.2250738585072011e-308",
		"4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
		"1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "9007199254740993",
		"9007199254740992.99999999999999999999", "9007199254740993.00000000000000000001",
		"0.500000000000000166533453693773481063544750213623046875", "1e23", "8.5e22", "6.0221409e+23",
		"0x1.fffffffffffff8p0", "0x1.fffffffffffff7fffffp0", "0x1.00000000000008p0", "0x1.000000000000080001p0",
		"0x1p-1075", "0x1.8p-1075", "0x1p1024", "0x0.0000000000000000000000000001p100", "123456789012345678901234567890",
	};
	for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
		char *end;
		errno = 0;
		double value = strtod(inputs[i], &end);
		int range_error = errno == ERANGE;
		if (isnan(value))
			value = 999;
		printf("%zu: %016lx %.17g, %d of %zu read\n", i, bits(value), value, (int)(end - inputs[i]),
		       strlen(inputs[i]));
		if (!strchr(inputs[i], 'x') && (value == 0 || isinf(value)))
			printf("    range error %d\n", range_error);
		float narrow = strtof(inputs[i], NULL);
		printf("    %016lx\n", bits(isnan(narrow) ? 0 : narrow));
	}
}

static void long_inputs(void)
{
	char *text = malloc(200003);
	memset(text, '0', 200000);
	text[0] = '1';
	strcpy(text + 200000, "e0");
	errno = 0;
	CHECK(isinf(strtod(text, NULL)) && errno == ERANGE);
	strcpy(text, "0.");
	memset(text + 2, '0', 400);
	strcpy(text + 402, "5e401");
	CHECK(strtod(text, NULL) == 5.0);
	/* A halfway value that only its very last digit decides. */
	strcpy(text, "1.00000000000000011102230246251565404236316680908203125");
	CHECK(strtod(text, NULL) == 1.0);
	memset(text + strlen(text), '0', 1000);
	strcpy(text + 1055, "1");
	CHECK(strtod(text, NULL) == nextafter(1, 2));
	free(text);
}

static void rounding_is_exact(void)
{
	for (int exponent = -320; exponent <= 308; exponent += 7)
		for (int digits = 1; digits <= 19; digits += 3) {
			char text[64];
			snprintf(text, sizeof text, "%.*se%d", digits, "7205759403792793999", exponent);
			printf("%s %016lx %016lx\n", text, bits(strtod(text, NULL)), bits(strtof(text, NULL)));
		}
}

/* Numbers as programs write them, in every form: a hash of what they become. */
static void everyday(void)
{
	static const char *const forms[] = {"%lu%s%s", "%lu.%s%s", "0.%lu%s%s", "000%lu.000%s%s", "0.000%lu%s%s"};
	uint64_t seed = 1, hash = 0;
	for (int i = 0; i < 100000; i++) {
		char text[100], exponent[8] = "", fraction[12] = "", *end;
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		unsigned long digits = seed >> (seed >> 8 & 63);
		if (seed & 2)
			snprintf(exponent, sizeof exponent, "e%d", (int)(seed >> 14 & 63) - 32);
		if (seed & 4)
			snprintf(fraction, sizeof fraction, "%lu", seed >> 20 & 0xffff);
		snprintf(text, sizeof text, forms[(seed >> 3 & 31) % 5], digits, fraction, exponent);
		double value = strtod(text, &end), scanned = 0;
		CHECK(*end == 0 && sscanf(text, "%lf", &scanned) == 1 && scanned == value);
		hash = (hash ^ bits(value)) * 0x100000001b3;
		hash = (hash ^ bits(strtof(text, NULL))) * 0x100000001b3;
		hash ^= hash >> 29;
		if (i % 1000 == 0)
			printf("%s %016lx %016lx\n", text, bits(value), (unsigned long)hash);
	}
	/* Halfway between two, and one off. */
	for (int exponent = -27; exponent <= 27; exponent++)
		for (uint64_t i = 0; i < 400; i++) {
			char text[40];
			snprintf(text, sizeof text, "%lue%d", (unsigned long)((1ul << 53 | 1) * (i + 1) * 2 - i % 3), exponent);
			hash = (hash ^ bits(strtod(text, NULL)) ^ bits(strtof(text, NULL)) << 7) * 0x100000001b3;
			hash ^= hash >> 31;
		}
	printf("%016lx\n", (unsigned long)hash);
}

int main(void)
{
	texts();
	everyday();
	long_inputs();
	rounding_is_exact();
	CHECK(atof("2.5xyz") == 2.5);
	CHECK(isnan(strtod("nan", NULL)) && isnan(strtof("NAN", NULL)));
	return check_status();
}
