/* The string functions at every alignment, up against memory that cannot be read. */
#include "check.h"
#include <string.h>
#include <sys/mman.h>

static char *edge;

/* A page that ends where the next one cannot be read. */
static void make_edge(void)
{
	char *pages = mmap(NULL, 2 * 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(pages != MAP_FAILED && mprotect(pages + 65536, 65536, PROT_NONE) == 0);
	edge = pages + 65536;
}

static void strings(void)
{
	char copy[256];
	for (int length = 0; length < 100; length++) {
		char *s = edge - length - 1;
		memset(edge - 200, 'x', 199);
		s[length] = 0;
		CHECK(strlen(s) == (size_t)length && strnlen(s, 1000) == (size_t)length);
		CHECK(strnlen(s, length / 2) == (size_t)length / 2);
		CHECK(strchr(s, 0) == s + length && strchr(s, 'q') == NULL && strchrnul(s, 'q') == s + length);
		CHECK(memchr(s, 0, (size_t)-1) == s + length && memchr(s, 'q', length + 1) == NULL);
		CHECK(memchr(s, 0, length) == NULL && memrchr(s, 'q', length + 1) == NULL);
		CHECK(memrchr(s, 0, length + 1) == s + length);
		memset(copy, '#', sizeof copy);
		CHECK(stpcpy(copy + length % 17, s) == copy + length % 17 + length);
		CHECK(!strcmp(copy + length % 17, s) && copy[length % 17 + length + 1] == '#');
		for (int at = 0; at < length; at++) {
			s[at] = (char)0x80;
			CHECK(strchr(s, 0x80) == s + at && memchr(s, 0x180, length) == s + at);
			CHECK(memrchr(s, 0x80, length + 1) == s + at && memchr(s, 0x80, at) == NULL);
			CHECK(strcmp(s, copy + length % 17) > 0 && strcmp(copy + length % 17, s) < 0);
			CHECK(memcmp(s, copy + length % 17, length) > 0);
			CHECK(memcmp(s, copy + length % 17, at) == 0);
			s[at] = 'x';
		}
	}
}

/* Sets of one byte to seven, each found at every place, and beaten by the end. */
static void sets(void)
{
	const char all[] = "x\x01,\x80;\xff:";
	for (int length = 0; length < 70; length++) {
		char *s = edge - length - 1;
		memset(s, 'a', (size_t)length);
		s[length] = 0;
		for (size_t from = 0; from < sizeof all; from++) {
			const char *set = all + from;
			CHECK(strcspn(s, set) == (size_t)length && strpbrk(s, set) == NULL);
			CHECK(strspn(s, set) == 0);
			for (int at = 0; at < length; at++)
				for (const char *one = set; *one; one++) {
					s[at] = *one;
					CHECK(strcspn(s, set) == (size_t)at && strpbrk(s, set) == s + at);
					s[at] = 'a';
				}
		}
	}
}

/* The order is that of the first bytes that differ, whatever comes behind them. */
static void orders(void)
{
	for (int length = 1; length < 100; length++)
		for (int at = 0; at < length; at++) {
			unsigned char *a = (unsigned char *)edge - length, b[100];
			for (int i = 0; i < length; i++)
				a[i] = b[i] = (unsigned char)(i * 37);
			for (int i = at; i < length; i++)
				b[i] = (unsigned char)(i == at ? a[i] ^ 0x80 : ~a[i]);
			int order = memcmp(a, b, (size_t)length), expected = a[at] > b[at] ? 1 : -1;
			CHECK((order > 0) - (order < 0) == expected);
		}
}

/* Both strings end at the edge, at different places in a vector. */
static void two_edges(void)
{
	char *first_edge = edge;
	make_edge();
	for (int length = 0; length < 60; length++)
		for (int other = 0; other < 60; other++) {
			char *a = first_edge - length - 1, *b = edge - other - 1;
			memset(first_edge - 100, 'y', 99);
			memset(edge - 100, 'y', 99);
			a[length] = b[other] = 0;
			int order = strcmp(a, b), expected = (length > other) - (length < other);
			CHECK((order > 0) - (order < 0) == expected);
		}
}

/* Copies that overlap, of every length and distance. */
static void moves(void)
{
	static unsigned char data[400], model[400];
	for (int length = 0; length < 130; length += 3)
		for (int distance = -70; distance <= 70; distance += 5) {
			for (int i = 0; i < 400; i++)
				data[i] = model[i] = (unsigned char)(i * 7);
			for (int i = 0; i < length; i++)
				model[100 + distance + i] = (unsigned char)((100 + i) * 7);
			CHECK(memmove(data + 100 + distance, data + 100, length) == data + 100 + distance);
			CHECK(!memcmp(data, model, 400));
			CHECK(memset(data + 50, 0x1a5, length) == data + 50);
			CHECK(data[49] == (unsigned char)model[49] && (!length || data[50 + length - 1] == 0xa5));
		}
}

int main(void)
{
	make_edge();
	strings();
	sets();
	orders();
	two_edges();
	moves();
	puts("strings end where they end");
	return check_status();
}
