/* printf's integer, character and string conversions with every flag and length. */
#include "check.h"
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

static void signed_values(void)
{
	printf("[%d] [%i] [%+d] [% d] [%5d] [%-5d] [%05d] [%.3d] [%5.3d] [%-5.3d]\n", 0, 1, 2, 3, 4, 5, 6, 7,
	       8, 9);
	printf("[%d] [%d] [%+d] [% d]\n", INT_MIN, INT_MAX, INT_MIN, INT_MAX);
	printf("[%hhd] [%hd] [%ld] [%lld] [%jd] [%zd] [%td]\n", (signed char)-128, (short)-32768, LONG_MIN,
	       LLONG_MIN, INTMAX_MIN, (size_t)7, (ptrdiff_t)-7);
	printf("[%hhd] [%hd]\n", 300, 70000);
	printf("[%.0d] [%.d] [%5.0d] [%+.0d]\n", 0, 0, 0, 0);
	printf("[%-+8d] [%+08d] [% 08d] [%08.3d]\n", 12, 12, 12, 12);
	printf("[%.40d] [%45.40d]\n", 12345, -12345);
}

static void unsigned_values(void)
{
	printf("[%u] [%o] [%x] [%X] [%#o] [%#x] [%#X]\n", 4000000000u, 8, 48879, 48879, 8, 48879, 48879);
	printf("[%#o] [%#x] [%#.0o] [%#.0x] [%.0u]\n", 0, 0, 0, 0, 0);
	printf("[%#08x] [%-#8x] [%#8.4x] [%08x]\n", 255, 255, 255, 255);
	printf("[%hhu] [%hu] [%lu] [%llu] [%ju] [%zu]\n", 257, 65537, ULONG_MAX, ULLONG_MAX, UINTMAX_MAX,
	       (size_t)9);
	printf("[%lx] [%llo] [%lX]\n", ULONG_MAX, ULLONG_MAX, 0xfedcba9876543210ul);
	printf("[%" PRId8 "] [%" PRIu16 "] [%" PRIx32 "] [%" PRIo64 "]\n", (int8_t)-1, (uint16_t)65535,
	       UINT32_MAX, UINT64_MAX);
	printf("[%" PRIdFAST8 "] [%" PRIuLEAST64 "] [%" PRIdMAX "]\n", (int_fast8_t)-5, (uint_least64_t)5,
	       INTMAX_MAX);
}

static void characters_and_strings(void)
{
	printf("[%c] [%5c] [%-5c]\n", 'a', 'b', 'c');
	printf("[%s] [%8s] [%-8s] [%.2s] [%8.2s] [%.0s] [%.s]\n", "text", "text", "text", "text", "text",
	       "text", "text");
	printf("[%.3s]\n", (const char[]){'a', 'b', 'c'});
	printf("[%ls] [%lc]\n", L"wide", (wint_t)L'w');
	printf("[%.3ls] [%6ls]\n", L"wide", L"wide");
	printf("[%*d] [%-*d] [%*d] [%.*d] [%.*d]\n", 6, 1, 6, 2, -6, 3, 4, 4, -1, 5);
	printf("[%*.*s]\n", 7, 2, "stars");
	printf("[%%] [%5s%%]\n", "100");
	printf("a%cb", 0);
	putchar('\n');
}

static void positions(void)
{
	printf("[%2$s %1$s] [%1$s]\n", "world", "hello");
	printf("[%2$*1$d] [%2$-*1$d] [%3$.*1$f]\n", 5, 42, 1.5);
	printf("[%3$lld %2$c %1$d]\n", 1, 'c', 1ll << 40);
	printf("[%1$d %1$x %1$o]\n", 64);
}

static void counts(void)
{
	int plain;
	long wide;
	signed char tiny;
	int result = printf("12345%n67%ln890%hhn\n", &plain, &wide, &tiny);
	printf("%d %ld %d, printed %d\n", plain, wide, tiny, result);
}

static void buffers(void)
{
	char buffer[8];
	memset(buffer, '!', sizeof buffer);
	CHECK(snprintf(buffer, sizeof buffer, "%s", "a longer text") == 13);
	CHECK(memcmp(buffer, "a longe", 8) == 0);
	const char *volatile number = "12345";
	CHECK(snprintf(buffer, 1, "%s", number) == 5 && buffer[0] == 0);
	CHECK(snprintf(NULL, 0, "%300d", 1) == 300);
	CHECK(snprintf(buffer, 0, "x") == 1 && buffer[0] == 0);
	CHECK(sprintf(buffer, "%s", "") == 0);
	char big[5000];
	CHECK(snprintf(big, sizeof big, "%04999d", 7) == 4999 && strlen(big) == 4999 && big[4998] == '7');
}

int main(void)
{
	signed_values();
	unsigned_values();
	characters_and_strings();
	positions();
	counts();
	buffers();
	return check_status();
}
