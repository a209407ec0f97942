// source: zlib .
// files: adler32.c compress.c crc32.c deflate.c trees.c zutil.c
/* One megabyte of text through zlib, level 6. */
#include "../bench.h"
#include "text.h"
#include <zlib.h>

static unsigned char packed[TEXT_SIZE * 2];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 4);
	uLong size = 0;
	text_make();
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		size = sizeof packed;
		if (compress2(packed, &size, text, TEXT_SIZE, 6) != Z_OK)
			return 1;
	}
	return bench_report(begin, rounds, size + packed[size / 2]);
}
