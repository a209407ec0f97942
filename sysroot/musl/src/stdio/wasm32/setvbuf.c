#include "stdio_impl.h"

/* As the generic one, and gives standard error, which has no buffer of its own, one when the program
 * wants it buffered and brings none: a shell that asks for lines would write each character alone. */
int setvbuf(FILE *restrict f, char *restrict buf, int type, size_t size)
{
	static unsigned char for_stderr[UNGET + BUFSIZ];

	if (type != _IONBF && type != _IOLBF && type != _IOFBF) return -1;
	f->lbf = EOF;
	f->flags |= F_SVB;
	if (type == _IONBF) {
		f->buf_size = 0;
		return 0;
	}
	if (buf && size >= UNGET) {
		f->buf = (void *)(buf + UNGET);
		f->buf_size = size - UNGET;
	} else if (!buf && !f->buf_size && f == stderr) {
		f->buf = for_stderr + UNGET;
		f->buf_size = BUFSIZ;
		/* What was written before is out; the next character finds the new buffer. */
		f->wpos = f->wbase = f->wend = 0;
	}
	if (type == _IOLBF && f->buf_size) f->lbf = '\n';
	return 0;
}
