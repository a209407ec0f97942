// source: bzip2 .
// files: blocksort.c bzlib.c compress.c crctable.c decompress.c huffman.c randtable.c
/* One megabyte of text through bzip2, with its largest blocks. */
#include "../bench.h"
#include "text.h"
#include <bzlib.h>

static char packed[TEXT_SIZE * 2];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 2);
	unsigned size = 0;
	text_make();
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		size = sizeof packed;
		if (BZ2_bzBuffToBuffCompress(packed, &size, (char *)text, TEXT_SIZE, 9, 0, 0) != BZ_OK)
			return 1;
	}
	return bench_report(begin, rounds, size);
}
