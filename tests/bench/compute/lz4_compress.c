// source: lz4 lib
// files: lz4.c
/* One megabyte of text through LZ4. It reads words of the size of a pointer. */
#include "../bench.h"
#include "text.h"
#include <lz4.h>

static char packed[LZ4_COMPRESSBOUND(TEXT_SIZE)];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 30);
	int size = 0;
	text_make();
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		size = LZ4_compress_default((const char *)text, packed, TEXT_SIZE, sizeof packed);
	double taken = bench_now_ns() - begin;
	/* Its matches, and so its size, depend on the size of a pointer: the check is the text it gives back. */
	static char back[TEXT_SIZE];
	int length = LZ4_decompress_safe(packed, back, size, TEXT_SIZE);
	return bench_print(taken, rounds, length == TEXT_SIZE && !memcmp(back, text, TEXT_SIZE));
}
