// source: lz4 lib
// files: lz4.c
/* The same megabyte of text back from LZ4's form. */
#include "../bench.h"
#include "text.h"
#include <lz4.h>

static char packed[LZ4_COMPRESSBOUND(TEXT_SIZE)], back[TEXT_SIZE];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 200);
	text_make();
	int size = LZ4_compress_default((const char *)text, packed, TEXT_SIZE, sizeof packed);
	int length = 0;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		length = LZ4_decompress_safe(packed, back, size, TEXT_SIZE);
	bench_report(begin, rounds, (uint64_t)length);
	return memcmp(back, text, TEXT_SIZE) != 0;
}
