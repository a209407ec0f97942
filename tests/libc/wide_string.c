/* Wide strings: wcs… and wmem… functions. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

int main(void)
{
	wchar_t buffer[32];
	CHECK(wcslen(L"") == 0 && wcslen(L"größe") == 5 && wcsnlen(L"abcdef", 4) == 4);
	CHECK(wcscpy(buffer, L"ab") == buffer && wcscat(buffer, L"cd") == buffer && !wcscmp(buffer, L"abcd"));
	CHECK(wcsncat(buffer, L"efgh", 2) == buffer && !wcscmp(buffer, L"abcdef"));
	CHECK(wcsncpy(buffer, L"x", 3) == buffer && buffer[1] == 0 && buffer[2] == 0 && buffer[3] == L'd');
	CHECK(wcpcpy(buffer, L"abc") == buffer + 3 && wcpncpy(buffer, L"zz", 2) == buffer + 2);
	CHECK(wcscmp(L"a", L"b") < 0 && wcscmp(L"b", L"a") > 0 && wcsncmp(L"abx", L"aby", 2) == 0);
	CHECK(wcscasecmp(L"AbC", L"aBc") == 0 && wcsncasecmp(L"ABx", L"aby", 2) == 0);
	CHECK(wcscmp((wchar_t[]){0x7fffffff, 0}, L"a") > 0);
	const wchar_t *text = L"hay needle hay";
	CHECK(wcschr(text, L'n') == text + 4 && wcsrchr(text, L'h') == text + 11 && !wcschr(text, L'z'));
	CHECK(wcsstr(text, L"needle") == text + 4 && wcsstr(text, L"") == text && !wcsstr(text, L"needles"));
	CHECK(wcsspn(L"aab", L"a") == 2 && wcscspn(L"aab", L"b") == 2 && *wcspbrk(L"x;y", L",;") == L';');
	wchar_t list[] = L",one,,zwei;drei", *state;
	for (wchar_t *word = wcstok(list, L",;", &state); word; word = wcstok(NULL, L",;", &state))
		printf("[%ls]", word);
	putchar('\n');
	wchar_t *copy = wcsdup(L"dup");
	CHECK(!wcscmp(copy, L"dup"));
	free(copy);
	CHECK(wcscoll(L"a", L"b") < 0 && wcsxfrm(buffer, L"same", 32) == 4 && !wcscmp(buffer, L"same"));

	wmemset(buffer, L'#', 32);
	CHECK(buffer[31] == L'#' && wmemchr(buffer, L'x', 32) == NULL);
	CHECK(wmemcpy(buffer, L"0123456789", 10) == buffer);
	CHECK(wmemmove(buffer + 2, buffer, 8) == buffer + 2 && !wmemcmp(buffer, L"0101234567", 10));
	CHECK(wmemmove(buffer, buffer + 2, 8) == buffer && !wmemcmp(buffer, L"01234567", 8));
	CHECK(wmemchr(buffer, L'7', 32) == buffer + 7 && wmemcmp(L"ab", L"ac", 2) < 0);
	return check_status();
}
