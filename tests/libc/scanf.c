/* sscanf and fscanf: every conversion, widths, suppression, sets, allocation, failures. */
#include "check.h"
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static void integers(void)
{
	int a = -1, b = -1, c = -1, d = -1, e = -1, f = -1;
	CHECK(sscanf("12 -0x1f 017 0x1F 99 ff", "%d %i %i %i %u %x", &a, &b, &c, &d, (unsigned *)&e, (unsigned *)&f) ==
	      6);
	printf("%d %d %d %d %d %d\n", a, b, c, d, e, f);
	signed char hh;
	short h;
	long l;
	long long ll;
	intmax_t j;
	size_t z;
	ptrdiff_t t;
	CHECK(sscanf("-128 -32768 -9223372036854775808 9223372036854775807 5 6 -7", "%hhd %hd %ld %lld %jd %zu %td", &hh,
		     &h, &l, &ll, &j, &z, &t) == 7);
	printf("%d %d %ld %lld %jd %zu %td\n", hh, h, l, ll, j, z, t);
	CHECK(sscanf("12345", "%2d%3d", &a, &b) == 2 && a == 12 && b == 345);
	CHECK(sscanf("999 777", "%*d %o%n", (unsigned *)&a, &b) == 1 && a == 0777 && b == 7);
	CHECK(sscanf("12abc", "%d%n", &a, &b) == 1 && b == 2);
	CHECK(sscanf("0x", "%x%n", (unsigned *)&a, &b) <= 1);
	CHECK(sscanf("-", "%d", &a) == 0);
	CHECK(sscanf("", "%d", &a) == EOF);
	CHECK(sscanf("   ", "%d", &a) == EOF);
	CHECK(sscanf("x", "%d", &a) == 0);
	CHECK(sscanf("5,6;7", "%d,%d,%d", &a, &b, &c) == 2 && a == 5 && b == 6);
}

static void floats(void)
{
	float f;
	double d, e, g;
	CHECK(sscanf("1.5 -2e3 0x1.8p1 inf", "%f %lf %la %lg", &f, &d, &e, &g) == 4);
	printf("%g %g %g %g\n", f, d, e, g);
	CHECK(sscanf("1.23456", "%4lf%lf", &d, &e) == 2 && d == 1.23 && e == 456);
	CHECK(sscanf(".", "%lf", &d) == 0);
	CHECK(sscanf("nanx", "%lf", &d) == 1 && d != d);
}

static void strings(void)
{
	char a[32], b[32], c[32];
	CHECK(sscanf("  one two  three", "%s %3s%s", a, b, c) == 3);
	printf("[%s] [%s] [%s]\n", a, b, c);
	memset(a, '.', 8);
	CHECK(sscanf(" ab", "%3c", a) == 1 && !memcmp(a, " ab.", 4));
	CHECK(sscanf("key = value # rest", "%[a-z] = %[^#]%[#]", a, b, c) == 3);
	printf("[%s] [%s] [%s]\n", a, b, c);
	CHECK(sscanf("]x-", "%[]x-]", a) == 1 && !strcmp(a, "]x-"));
	CHECK(sscanf("abc]", "%[^]]", a) == 1 && !strcmp(a, "abc"));
	CHECK(sscanf("abc", "%2[a-c]%s", a, b) == 2 && !strcmp(a, "ab") && !strcmp(b, "c"));
	CHECK(sscanf("50%", "%d%%%n", (int[1]){0}, (int[1]){0}) == 1);
	wchar_t w[16];
	CHECK(sscanf("wide text", "%ls %l[a-z]", w, w + 8) == 2 && !wcscmp(w, L"wide") && !wcscmp(w + 8, L"text"));
	char *made = NULL, *other = NULL;
	CHECK(sscanf("allocated [set]", "%ms [%m[a-z]", &made, &other) == 2);
	printf("[%s] [%s]\n", made, other);
	free(made);
	free(other);
	CHECK(sscanf("first second", "%2$s %1$s", a, b) == 2 && !strcmp(b, "first") && !strcmp(a, "second"));
}

static void stream(void)
{
	FILE *file = tmpfile();
	fputs("10 20\n30x\n  rest of line\n", file);
	rewind(file);
	int a, b;
	CHECK(fscanf(file, "%d%d", &a, &b) == 2 && a == 10 && b == 20);
	CHECK(fscanf(file, "%d", &a) == 1 && a == 30);
	CHECK(fscanf(file, "%d", &a) == 0);
	CHECK(fgetc(file) == 'x');
	char rest[32];
	CHECK(fscanf(file, " %[^\n]", rest) == 1 && !strcmp(rest, "rest of line"));
	CHECK(fscanf(file, "%d", &a) == EOF && feof(file) && !ferror(file));
	fclose(file);
}

static void pointers(void)
{
	char text[32];
	int object;
	void *back = NULL;
	snprintf(text, sizeof text, "%p", (void *)&object);
	CHECK(sscanf(text, "%p", &back) == 1 && back == &object);
}

int main(void)
{
	integers();
	floats();
	strings();
	stream();
	pointers();
	return check_status();
}
