/* Wide streams: wprintf, wscanf, fgetwc, fputws, orientation, invalid input. */
#include "check.h"
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static void formatted(void)
{
	wchar_t buffer[64];
	CHECK(swprintf(buffer, 64, L"%d %s %ls %c %lc %.2f %x", -5, "höher", L"tiefer", 'c', L'ß', 2.5, 255) > 0);
	printf("%ls\n", buffer);
	CHECK(swprintf(buffer, 64, L"[%6ls] [%-6s] [%.2ls]", L"añb", "xÿ", L"€uro") > 0);
	printf("%ls\n", buffer);
	CHECK(swprintf(buffer, 4, L"%s", "too long") < 0);
	CHECK(swprintf(buffer, 64, L"%2$d %1$d", 1, 2) == 3 && !wcscmp(buffer, L"2 1"));
	CHECK(swprintf(buffer, 64, L"%Lf", 1.5L) == 8 && !wcscmp(buffer, L"1.500000"));
	int number;
	wchar_t word[16];
	char bytes[16];
	CHECK(swscanf(L"42 wört end", L"%d %ls %s", &number, word, bytes) == 3);
	printf("%d %ls %s\n", number, word, bytes);
	CHECK(swscanf(L"aäb-x", L"%l[a-zä]", word) == 1 && !wcscmp(word, L"aäb"));
	double value;
	CHECK(swscanf(L"2.5e1", L"%lf", &value) == 1 && value == 25);
}

static void characters(void)
{
	FILE *file = tmpfile();
	CHECK(fwide(file, 0) == 0);
	CHECK(fputws(L"eins äöü €\n", file) >= 0);
	CHECK(fwide(file, 0) > 0);
	CHECK(fwide(file, -1) > 0);
	CHECK(fputwc(0x1f600, file) == 0x1f600);
	CHECK(fwprintf(file, L"%d\n", 7) == 2);
	rewind(file);
	wchar_t line[32];
	CHECK(fgetws(line, 32, file) == line && !wcscmp(line, L"eins äöü €\n"));
	CHECK(fgetwc(file) == 0x1f600);
	CHECK(ungetwc(L'ж', file) == L'ж' && fgetwc(file) == L'ж');
	int number = 0;
	CHECK(fwscanf(file, L"%d", &number) == 1 && number == 7);
	CHECK(getwc(file) == L'\n' && getwc(file) == WEOF && feof(file));
	fclose(file);
}

static void invalid(void)
{
	FILE *file = tmpfile();
	fwrite("\xff", 1, 1, file);
	rewind(file);
	CHECK(fgetwc(file) == WEOF);
	fclose(file);
}

static void memory_stream(void)
{
	wchar_t *text = NULL;
	size_t length = 0;
	FILE *file = open_wmemstream(&text, &length);
	fputws(L"größe-12", file);
	fclose(file);
	printf("%ls %zu\n", text, length);
	free(text);
}

int main(void)
{
	CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL);
	formatted();
	characters();
	invalid();
	memory_stream();
	/* Standard output is byte oriented by now; the wide functions refuse it. */
	CHECK(fwide(stdout, 0) < 0);
	return check_status();
}
