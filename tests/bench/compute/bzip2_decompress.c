// source: bzip2 .
// files: blocksort.c bzlib.c compress.c crctable.c decompress.c huffman.c randtable.c
/* The same megabyte of text back from bzip2's form. */
#include "../bench.h"
#include "text.h"
#include <bzlib.h>

static char packed[TEXT_SIZE * 2], back[TEXT_SIZE];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 5);
	unsigned size = sizeof packed;
	text_make();
	if (BZ2_bzBuffToBuffCompress(packed, &size, (char *)text, TEXT_SIZE, 9, 0, 0) != BZ_OK)
		return 1;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		unsigned length = sizeof back;
		if (BZ2_bzBuffToBuffDecompress(back, &length, packed, size, 0, 0) != BZ_OK)
			return 1;
	}
	bench_report(begin, rounds, size);
	return memcmp(back, text, TEXT_SIZE) != 0;
}
