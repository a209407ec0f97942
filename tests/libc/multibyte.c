/* Conversions between multibyte and wide characters: valid, truncated, invalid, restartable. */
#include "check.h"
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>

static void one_character(void)
{
	static const char *const inputs[] = {"a", "ß", "€", "😀", "\x80", "\xc0\x80", "\xc3", "\xc3(", "\xe2\x82",
					     "\xed\xa0\x80", "\xff", ""};
	for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
		wchar_t wide = 0x7777;
		mbstate_t state = {0};
		size_t length = strlen(inputs[i]) ? strlen(inputs[i]) : 1;
		errno = 0;
		size_t result = mbrtowc(&wide, inputs[i], length, &state);
		printf("%zu: %d, %x, invalid %d, initial %d\n", i, (int)result, result < 5 ? (unsigned)wide : 0,
		       errno == EILSEQ, result == (size_t)-1 || !!mbsinit(&state));
	}
}

static void restart(void)
{
	const char *euro = "€";
	mbstate_t state = {0};
	wchar_t wide = 0;
	CHECK(mbrtowc(&wide, euro, 1, &state) == (size_t)-2);
	CHECK(mbrtowc(&wide, euro + 1, 1, &state) == (size_t)-2);
	CHECK(mbrtowc(&wide, euro + 2, 1, &state) == 1 && wide == L'€');
	CHECK(mbrlen("ß", 1, &state) == (size_t)-2 && mbrlen("\x9f", 1, &state) == 1);
	CHECK(mbrtowc(NULL, NULL, 0, &state) == 0);
}

static void back(void)
{
	static const wchar_t inputs[] = {L'a', 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff};
	for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
		char bytes[MB_LEN_MAX];
		mbstate_t state = {0};
		size_t length = wcrtomb(bytes, inputs[i], &state);
		for (size_t b = 0; b < length; b++)
			printf("%02x", (unsigned char)bytes[b]);
		putchar(' ');
	}
	putchar('\n');
	char bytes[MB_LEN_MAX];
	CHECK_ERRNO(wcrtomb(bytes, 0xd800, NULL), EILSEQ);
}

static void strings(void)
{
	wchar_t wide[16];
	CHECK(mbstowcs(wide, "aß€😀", 16) == 4 && wide[3] == 0x1f600 && wide[4] == 0);
	CHECK(mbstowcs(wide, "abcdef", 3) == 3 && mbstowcs(NULL, "äöü", 0) == 3);
	CHECK_ERRNO(mbstowcs(wide, "ok\xff", 16), EILSEQ);
	char bytes[16];
	CHECK(wcstombs(bytes, L"aß€", 16) == 6 && !strcmp(bytes, "aß€"));
	CHECK(wcstombs(bytes, L"aß€", 4) == 3 && wcstombs(NULL, L"ß€", 0) == 5);
	CHECK_ERRNO(wcstombs(bytes, (wchar_t[]){L'x', 0xd800, 0}, 16), EILSEQ);
	const char *source = "aßc€d";
	mbstate_t state = {0};
	CHECK(mbsnrtowcs(wide, &source, 4, 16, &state) == 3 && !strcmp(source, "€d"));
	const wchar_t *back = L"x€y";
	CHECK(wcsrtombs(bytes, &back, 2, &state) == 1 && *back == L'€');
	CHECK(wcsnrtombs(bytes, &back, 1, 16, &state) == 3 && *back == L'y');
	CHECK(mblen("€", 4) == 3 && mblen("", 1) == 0 && mblen("\xff", 1) == -1 && mblen(NULL, 0) == 0);
	CHECK(btowc('a') == L'a' && btowc(EOF) == WEOF && btowc(0x80) == WEOF && wctob(L'a') == 'a' && wctob(L'ß') == EOF);
}

static void utf16_and_utf32(void)
{
	mbstate_t state = {0};
	char16_t unit;
	CHECK(mbrtoc16(&unit, "😀", 4, &state) == 4 && unit == 0xd83d);
	CHECK(mbrtoc16(&unit, "", 0, &state) == (size_t)-3 && unit == 0xde00);
	char bytes[MB_LEN_MAX];
	memset(&state, 0, sizeof state);
	CHECK(c16rtomb(bytes, 0xd83d, &state) == 0 && c16rtomb(bytes, 0xde00, &state) == 4 && !memcmp(bytes, "😀", 4));
	char32_t point;
	memset(&state, 0, sizeof state);
	CHECK(mbrtoc32(&point, "€", 3, &state) == 3 && point == 0x20ac);
	CHECK(c32rtomb(bytes, 0x10ffff, &state) == 4);
}

int main(void)
{
	CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL);
	one_character();
	restart();
	back();
	strings();
	utf16_and_utf32();
	return check_status();
}
