/* Character classes of bytes and of wide characters, in "C" and in C.UTF-8. */
#include "check.h"
#include <ctype.h>
#include <locale.h>
#include <wchar.h>
#include <wctype.h>

static void bytes(void)
{
	for (int c = -1; c < 128; c++) {
		unsigned bits = !!isalnum(c) | !!isalpha(c) << 1 | !!isblank(c) << 2 | !!iscntrl(c) << 3 |
				!!isdigit(c) << 4 | !!isgraph(c) << 5 | !!islower(c) << 6 | !!isprint(c) << 7 |
				!!ispunct(c) << 8 | !!isspace(c) << 9 | !!isupper(c) << 10 | !!isxdigit(c) << 11;
		printf("%x%s", bits, c % 16 == 15 ? "\n" : " ");
	}
	for (int c = 128; c < 256; c++)
		CHECK(!isalnum(c) && !isprint(c) && !isspace(c) && !iscntrl(c) && toupper(c) == c && tolower(c) == c);
	for (int c = 0; c < 128; c++)
		CHECK(toupper(c) == (c >= 'a' && c <= 'z' ? c - 32 : c) && tolower(c) == (c >= 'A' && c <= 'Z' ? c + 32 : c));
	CHECK(toupper(EOF) == EOF && toascii(0xe1) == 'a' && isascii(127) && !isascii(128));
}

static void wide(void)
{
	static const wchar_t samples[] = L"aZ5 \t_äÄÿŸñΩωЖж中文あ한€“\u00a0\u2028\u3000";
	for (size_t i = 0; samples[i]; i++) {
		wint_t c = (wint_t)samples[i];
		printf("%x: alpha %d alnum %d digit %d upper %d lower %d xdigit %d cntrl %d -> %x %x\n", c, !!iswalpha(c),
		       !!iswalnum(c), !!iswdigit(c), !!iswupper(c), !!iswlower(c), !!iswxdigit(c), !!iswcntrl(c),
		       towupper(c), towlower(c));
	}
	CHECK(iswspace(L' ') && iswspace(0x3000) && iswblank(L'\t') && iswpunct(L'!') && iswgraph(L'x') && iswprint(L' '));
	CHECK(!iswprint(WEOF) && !iswalpha(WEOF) && !iswprint(0x110000) && !iswprint(0xd800));
	static const char *const names[] = {"alnum", "alpha", "blank", "cntrl", "digit", "graph",
					    "lower", "print", "punct", "space", "upper", "xdigit"};
	for (size_t i = 0; i < 12; i++) {
		wctype_t type = wctype(names[i]);
		CHECK(type != 0);
		printf("%s: %d%d%d%d%d\n", names[i], !!iswctype(L'a', type), !!iswctype(L'A', type), !!iswctype(L'1', type),
		       !!iswctype(L' ', type), !!iswctype(L'.', type));
	}
	CHECK(wctype("nothing") == 0 && wctrans("nothing") == 0);
	CHECK(towctrans(L'ä', wctrans("toupper")) == L'Ä' && towctrans(L'Ä', wctrans("tolower")) == L'ä');
}

static void widths(void)
{
	CHECK(wcwidth(L'a') == 1 && wcwidth(L'中') == 2 && wcwidth(0x301) == 0 && wcwidth(L'\n') == -1 && wcwidth(0) == 0);
	CHECK(wcswidth(L"a中b", 3) == 4 && wcswidth(L"a\nb", 3) == -1 && wcswidth(L"abc", 2) == 2);
}

static void per_locale(void)
{
	locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", NULL), copy = duplocale(utf8);
	CHECK(utf8 && copy && iswalpha_l(L'ä', copy) && isdigit_l('7', copy) && towupper_l(L'ω', copy) == L'Ω');
	locale_t before = uselocale(copy);
	CHECK(before == LC_GLOBAL_LOCALE && uselocale(NULL) == copy);
	CHECK(uselocale(before) == copy);
	freelocale(copy);
	freelocale(utf8);
}

int main(void)
{
	CHECK(setlocale(LC_ALL, "C") != NULL);
	bytes();
	CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL);
	bytes();
	wide();
	widths();
	per_locale();
	return check_status();
}
