// stdin: first line
// stdin: 42 words follow
// stdin: last
/* The standard streams: order of buffered and raw output, reading, closing, buffering of standard error. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void at_end(void)
{
	fputs("printed by atexit\n", stdout);
}

int main(void)
{
	char line[64], word[16];
	int number;
	atexit(at_end);
	CHECK(fgets(line, sizeof line, stdin) && !strcmp(line, "first line\n"));
	CHECK(scanf("%d %15s", &number, word) == 2);
	printf("%d %s\n", number, word);
	CHECK(getchar() == ' ' && ungetc('f', stdin) == 'f');
	CHECK(getchar() == 'f');
	while (fgets(line, sizeof line, stdin))
		fputs(line, stdout);
	CHECK(feof(stdin) && getchar() == EOF);
	/* Standard output is a pipe here, so it is fully buffered; standard error is not buffered. */
	fputs("buffered ", stdout);
	fflush(stdout);
	CHECK(write(1, "raw ", 4) == 4);
	fputs("again\n", stdout);
	fprintf(stderr, "error %d ", 1);
	CHECK(write(2, "raw error\n", 10) == 10);
	flockfile(stdout);
	putchar_unlocked('u');
	putchar_unlocked('\n');
	funlockfile(stdout);
	CHECK(ftrylockfile(stdout) == 0);
	funlockfile(stdout);
	fputs("no newline at the end, flushed by exit", stdout);
	return check_status();
}
