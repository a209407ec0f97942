// source: zlib .
// files: adler32.c compress.c crc32.c deflate.c inffast.c inflate.c inftrees.c trees.c uncompr.c zutil.c
/* The same megabyte of text back from zlib's form. */
#include "../bench.h"
#include "text.h"
#include <zlib.h>

static unsigned char packed[TEXT_SIZE * 2], back[TEXT_SIZE];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 30);
	uLong size = sizeof packed;
	text_make();
	if (compress2(packed, &size, text, TEXT_SIZE, 6) != Z_OK)
		return 1;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		uLong length = sizeof back;
		if (uncompress(back, &length, packed, size) != Z_OK || length != TEXT_SIZE)
			return 1;
	}
	bench_report(begin, rounds, size);
	return memcmp(back, text, TEXT_SIZE) != 0;
}
