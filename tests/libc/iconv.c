/* iconv between Unicode forms and legacy character sets. */
#include "check.h"
#include <iconv.h>
#include <string.h>

static void convert(const char *from, const char *to, const char *bytes, size_t length)
{
	iconv_t converter = iconv_open(to, from);
	if (!CHECK(converter != (iconv_t)-1)) {
		printf("  %s to %s\n", from, to);
		return;
	}
	char input[64], output[128], *in = input, *out = output;
	memcpy(input, bytes, length);
	size_t in_left = length, out_left = sizeof output;
	errno = 0;
	size_t result = iconv(converter, &in, &in_left, &out, &out_left);
	int error = errno;
	iconv(converter, NULL, NULL, &out, &out_left);
	printf("%s to %s: %d, %d left, error %s:", from, to, (int)result, (int)in_left,
	       result != (size_t)-1 ? "none" : error == EILSEQ ? "EILSEQ" : error == EINVAL ? "EINVAL" : "other");
	for (char *p = output; p < out; p++)
		printf(" %02x", (unsigned char)*p);
	putchar('\n');
	iconv_close(converter);
}

static void small_output(void)
{
	iconv_t converter = iconv_open("UTF-16LE", "UTF-8");
	char input[] = "abcdef", output[5], *in = input, *out = output;
	size_t in_left = 6, out_left = sizeof output;
	errno = 0;
	CHECK(iconv(converter, &in, &in_left, &out, &out_left) == (size_t)-1 && errno == E2BIG);
	CHECK(in_left == 4 && out_left == 1 && !memcmp(output, "a\0b\0", 4));
	iconv_close(converter);
}

int main(void)
{
	static const char mixed[] = "aß€😀";
	static const char *const unicode[] = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UCS-4BE", "UTF-8"};
	for (size_t i = 0; i < sizeof unicode / sizeof *unicode; i++)
		convert("UTF-8", unicode[i], mixed, strlen(mixed));
	convert("UTF-16LE", "UTF-8", "\x3d\xd8\x00\xde", 4);
	convert("UTF-16BE", "UTF-8", "\xd8\x3d\xde\x00\x00\x61", 6);
	convert("UTF-32LE", "UTF-8", "\x00\xf6\x01\x00", 4);
	convert("UTF-8", "ISO-8859-1", "gr\xc3\xb6\xc3\x9f" "e", 7);
	convert("ISO-8859-1", "UTF-8", "\xe9\xff", 2);
	convert("ISO-8859-15", "UTF-8", "\xa4", 1);
	convert("KOI8-R", "UTF-8", "\xd0\xd2", 2);
	convert("WINDOWS-1252", "UTF-8", "\x80\x93", 2);
	convert("CP1251", "UTF-8", "\xcf\xf0", 2);
	convert("SHIFT_JIS", "UTF-8", "\x93\xfa\x96\x7b", 4);
	convert("EUC-JP", "UTF-8", "\xc6\xfc\xcb\xdc", 4);
	convert("UTF-8", "EUC-JP", "\xe6\x97\xa5\xe6\x9c\xac", 6);
	convert("GB18030", "UTF-8", "\xd6\xd0\xce\xc4", 4);
	convert("BIG5", "UTF-8", "\xa4\xa4\xa4\xe5", 4);
	convert("EUC-KR", "UTF-8", "\xc7\xd1", 2);
	convert("ISO-2022-JP", "UTF-8", "\x1b$BF|K\\\x1b(B!", 11);
	convert("UTF-8", "UTF-16LE", "a\xff", 2);
	convert("UTF-8", "UTF-16LE", "a\xe2\x82", 3);
	convert("UTF-8", "UTF-32LE", "\xed\xa0\x80", 3);
	convert("UTF-16LE", "UTF-8", "a", 1);
	small_output();
	CHECK_ERRNO(iconv_open("UTF-8", "no-such-set"), EINVAL);
	CHECK_ERRNO(iconv_open("no-such-set", "UTF-8"), EINVAL);
	return check_status();
}
