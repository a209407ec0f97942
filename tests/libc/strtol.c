/* strtol and its family: bases, limits, what is read. */
#include "check.h"
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <wchar.h>

static void each(const char *text, int base)
{
	char *end_signed, *end_unsigned;
	errno = 0;
	long signed_value = strtol(text, &end_signed, base);
	int signed_error = errno == ERANGE;
	errno = 0;
	unsigned long unsigned_value = strtoul(text, &end_unsigned, base);
	int unsigned_error = errno == ERANGE;
	printf("'%s' base %d: %ld (%d, %d) %lu (%d, %d)\n", text, base, signed_value, (int)(end_signed - text),
	       signed_error, unsigned_value, (int)(end_unsigned - text), unsigned_error);
}

int main(void)
{
	static const char *const inputs[] = {
		"0", "12", "-12", "+12", "  12x", "0x1f", "-0X1F", "0x", "0xg", "017", "08", "z", "Zz", "", "-", "+", "- 1",
		"9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
		"18446744073709551615", "18446744073709551616", "-1", "-18446744073709551615", "99999999999999999999999",
		"\n\t 5", "1 2",
	};
	static const int bases[] = {0, 10, 8, 16, 36};
	for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
		for (size_t b = 0; b < sizeof bases / sizeof *bases; b++)
			each(inputs[i], bases[b]);
	each("1010112", 2);
	for (int base = 2; base <= 36; base++)
		printf("%ld ", strtol("1000", NULL, base));
	putchar('\n');
	errno = 0;
	CHECK(strtol("1", NULL, 1) == 0 && errno == EINVAL);
	errno = 0;
	CHECK(strtol("1", NULL, 37) == 0 && errno == EINVAL);
	CHECK(strtoll("-42", NULL, 10) == -42 && strtoull("42", NULL, 10) == 42);
	CHECK(strtoimax("7f", NULL, 16) == 127 && strtoumax("377", NULL, 8) == 255);
	wchar_t *end;
	CHECK(wcstol(L" -0x10!", &end, 0) == -16 && *end == L'!');
	CHECK(wcstoull(L"18446744073709551615", NULL, 10) == ULLONG_MAX);
	CHECK(wcstod(L"0x1p4,", &end) == 16 && *end == L',');
	CHECK(wcstold(L"2.5", NULL) == 2.5L && wcstof(L".25", NULL) == 0.25f);
	CHECK(atoi("-17abc") == -17 && atol("99") == 99 && atoll("-5000000000") == -5000000000);
	CHECK(abs(-5) == 5 && labs(-5L) == 5 && llabs(LLONG_MIN + 1) == LLONG_MAX);
	div_t d = div(-7, 2);
	ldiv_t l = ldiv(-7, 2);
	lldiv_t ll = lldiv(7, -2);
	printf("%d %d, %ld %ld, %lld %lld\n", d.quot, d.rem, l.quot, l.rem, ll.quot, ll.rem);
	return check_status();
}
