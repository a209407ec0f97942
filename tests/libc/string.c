/* Byte strings: search, compare, split, concatenate, copy with limits. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <libgen.h>
#include <strings.h>
#include <unistd.h>

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

static void compare(void)
{
	static const char *const words[] = {"", "a", "A", "ab", "aB", "abc", "b", "\x7f", "\x80", "\xff", "a\xff"};
	const size_t count = sizeof words / sizeof *words;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++)
			printf("%2d%2d%2d%2d ", sign(strcmp(words[i], words[j])), sign(strncmp(words[i], words[j], 1)),
			       sign(strcasecmp(words[i], words[j])), sign(strncasecmp(words[i], words[j], 2)));
		putchar('\n');
	}
	CHECK(strncmp("abc", "xyz", 0) == 0 && memcmp("a", "b", 0) == 0);
	CHECK(strverscmp("file10", "file9") > 0 && strverscmp("1.02", "1.2") < 0 && strverscmp("a", "a") == 0);
	CHECK(strcoll("a", "b") < 0);
	char transformed[16];
	CHECK(strxfrm(transformed, "word", sizeof transformed) == 4 && !strcmp(transformed, "word"));
}

static void search(void)
{
	const char *text = "hay needle hay needle";
	CHECK(strchr(text, 'n') == text + 4 && strrchr(text, 'n') == text + 15);
	CHECK(strchr(text, 0) == text + 21 && strrchr(text, 0) == text + 21 && !strchr(text, 'z'));
	CHECK(strstr(text, "needle") == text + 4 && strstr(text, "") == text && !strstr(text, "needles"));
	CHECK(strcasestr(text, "NEEDLE") == text + 4);
	CHECK(strspn("aabbc", "ab") == 4 && strcspn("aabbc", "c") == 4 && strspn("", "x") == 0 && strcspn("ab", "") == 2);
	CHECK(*strpbrk("find,this;now", ";,") == ',' && !strpbrk("none", "xyz"));
	CHECK(strchrnul("abc", 'b')[0] == 'b' && strchrnul("abc", 'x')[0] == 0);
	CHECK(strnlen("abcdef", 3) == 3 && strnlen("ab", 10) == 2 && strlen("") == 0);
	/* Needles of every length inside a long repetitive text. */
	char hay[600];
	for (size_t i = 0; i < sizeof hay; i++)
		hay[i] = "aab"[i % 3];
	strcpy(hay + 500, "aabaabaac");
	for (size_t length = 1; length < 300; length += 7) {
		char needle[301];
		memcpy(needle, hay + 509 - length, length);
		needle[length] = 0;
		CHECK(strstr(hay, needle) == hay + 509 - length);
		CHECK(memmem(hay, 509, needle, length) == hay + 509 - length);
		needle[0] ^= 64;
		CHECK(!strstr(hay, needle) && !memmem(hay, 509, needle, length));
	}
}

static void split(void)
{
	char text[] = ",one,,two;three,", *state, *word;
	for (word = strtok_r(text, ",;", &state); word; word = strtok_r(NULL, ",;", &state))
		printf("[%s]", word);
	char again[] = ",one,,two", *rest = again;
	while ((word = strsep(&rest, ",")))
		printf("(%s)", word);
	char plain[] = "a b  c";
	for (word = strtok(plain, " "); word; word = strtok(NULL, " "))
		printf("<%s>", word);
	putchar('\n');
	char *const names[] = {"ro", "rw", "size", NULL};
	char options[] = "rw,size=10,other", *value, *cursor = options;
	while (*cursor) {
		int which = getsubopt(&cursor, names, &value);
		printf("%d %s;", which, which >= 0 && value ? value : "-");
	}
	putchar('\n');
}

static void copy(void)
{
	char buffer[16];
	memset(buffer, '#', sizeof buffer);
	CHECK(strncpy(buffer, "abc", 6) == buffer && !memcmp(buffer, "abc\0\0\0##", 8));
	memset(buffer, '#', sizeof buffer);
	CHECK(stpcpy(buffer, "hello") == buffer + 5 && stpncpy(buffer + 5, "wide", 2) == buffer + 7);
	CHECK(!memcmp(buffer, "hellowi##", 9));
	strcpy(buffer, "ab");
	CHECK(strcat(buffer, "cd") == buffer && !strcmp(buffer, "abcd"));
	CHECK(strncat(buffer, "efgh", 2) == buffer && !strcmp(buffer, "abcdef"));
	CHECK(mempcpy(buffer, "xyz", 3) == buffer + 3 && !strcmp(buffer, "xyzdef"));
	CHECK(memccpy(buffer, "12:34", ':', 16) == buffer + 3 && !memccpy(buffer, "12", ':', 2));
	char *made = strdup("twice"), *part = strndup("twice", 2), *none = strndup("", 5);
	CHECK(!strcmp(made, "twice") && !strcmp(part, "tw") && !*none);
	free(made);
	free(part);
	free(none);
	char swapped[4];
	swab("abcd", swapped, 4);
	CHECK(!memcmp(swapped, "badc", 4));
}

static void paths(void)
{
	static const char *const names[] = {"/usr/lib", "/usr/", "usr", "/", "", ".", ".."};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char first[16], second[16];
		printf("%s|%s ", dirname(strcpy(first, names[i])), basename(strcpy(second, names[i])));
	}
	putchar('\n');
}

int main(void)
{
	compare();
	search();
	split();
	copy();
	paths();
	CHECK(ffs(0) == 0 && ffs(8) == 4 && ffsl(1L << 40) == 41 && ffsll(1ull << 63) == 64);
	CHECK(strlen(strerror(ENOENT)) > 0 && strlen(strerror(99999)) > 0 && strlen(strsignal(11)) > 0);
	return check_status();
}
