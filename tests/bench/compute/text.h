/* What the benchmarks of compression work on: a text of words, the frequent ones short and frequent. */
#ifndef TEXT_H
#define TEXT_H

#include <string.h>

#define TEXT_SIZE (1 << 20)

static unsigned char text[TEXT_SIZE];

static uint32_t text_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void text_make(void)
{
	static char words[4096][12];
	uint32_t state = 42;
	for (int i = 0; i < 4096; i++) {
		int length = 2 + (int)(text_random(&state) % (unsigned)(i < 64 ? 3 : 9));
		for (int k = 0; k < length; k++)
			words[i][k] = (char)('a' + text_random(&state) % 26);
	}
	for (size_t at = 0; at < TEXT_SIZE;) {
		uint32_t rank = text_random(&state) % 4096;
		rank = rank * (text_random(&state) % 4096) / 4096;
		rank = rank * (text_random(&state) % 4096) / 4096;
		const char *word = words[rank];
		size_t length = strlen(word);
		if (length > TEXT_SIZE - at)
			length = TEXT_SIZE - at;
		memcpy(text + at, word, length);
		at += length;
		if (at < TEXT_SIZE)
			text[at++] = text_random(&state) % 12 ? ' ' : '\n';
	}
}

#endif
