/* CRC-32 of one megabyte, a byte at a time through a table. */
#include "../bench.h"

enum { N = 1 << 20 };
static uint32_t table[256];
static unsigned char data[N];

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 100);
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;
		for (int k = 0; k < 8; k++)
			c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
		table[i] = c;
	}
	for (int i = 0; i < N; i++)
		data[i] = (unsigned char)(i * 31 + 7);
	uint32_t crc = ~0u;
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++)
		for (int i = 0; i < N; i++)
			crc = table[(crc ^ data[i]) & 255] ^ (crc >> 8);
	return bench_report(begin, rounds, crc);
}
