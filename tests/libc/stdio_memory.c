/* Streams without a file: fmemopen, open_memstream, fopencookie, and lines with getline and getdelim. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static void in_memory(void)
{
	char text[] = "line one\nline two\n";
	FILE *file = fmemopen(text, strlen(text), "r");
	char word[16];
	CHECK(fscanf(file, "%*s %15s", word) == 1 && !strcmp(word, "one"));
	CHECK(fseek(file, -4, SEEK_END) == 0 && fgetc(file) == 't');
	CHECK(fseek(file, 0, SEEK_END) == 0 && ftell(file) == 18 && fgetc(file) == EOF);
	fclose(file);
	char buffer[10];
	memset(buffer, '#', sizeof buffer);
	file = fmemopen(buffer, sizeof buffer, "w");
	CHECK(fputs("abc", file) >= 0 && fflush(file) == 0 && !memcmp(buffer, "abc\0#", 5));
	fclose(file);
	file = fmemopen(NULL, 64, "w+");
	CHECK(file && fputs("kept", file) >= 0);
	rewind(file);
	CHECK(fgetc(file) == 'k' && fgetc(file) == 'e');
	fclose(file);
	CHECK(fmemopen(buffer, sizeof buffer, "x") == NULL && errno == EINVAL);
}

static void growing(void)
{
	char *text = NULL;
	size_t length = 99;
	FILE *file = open_memstream(&text, &length);
	CHECK(file && fflush(file) == 0 && length == 0 && text && !*text);
	for (int i = 0; i < 10000; i++)
		fprintf(file, "%d,", i);
	CHECK(fflush(file) == 0 && length == strlen(text) && length == 48890);
	CHECK(fseeko(file, 2, SEEK_SET) == 0 && fputc('X', file) == 'X');
	fclose(file);
	CHECK(!strncmp(text, "0,X", 3));
	free(text);
}

struct counter {
	size_t given, taken;
	int closed;
};

static ssize_t give(void *cookie, char *buffer, size_t size)
{
	struct counter *c = cookie;
	size_t left = 5000 - c->given;
	if (size > left)
		size = left;
	memset(buffer, 'g', size);
	c->given += size;
	return (ssize_t)size;
}

static ssize_t take(void *cookie, const char *buffer, size_t size)
{
	struct counter *c = cookie;
	c->taken += size;
	return size && !buffer ? -1 : (ssize_t)size;
}

static int finish(void *cookie)
{
	((struct counter *)cookie)->closed = 1;
	return 0;
}

static void cookies(void)
{
	struct counter c = {0};
	FILE *file = fopencookie(&c, "r", (cookie_io_functions_t){.read = give, .close = finish});
	char buffer[6000];
	CHECK(fread(buffer, 1, sizeof buffer, file) == 5000 && feof(file) && buffer[4999] == 'g');
	CHECK(fclose(file) == 0 && c.closed);
	file = fopencookie(&c, "w", (cookie_io_functions_t){.write = take});
	CHECK(fprintf(file, "%2000d", 1) == 2000 && fclose(file) == 0 && c.taken == 2000);
}

static void lines(void)
{
	FILE *file = tmpfile();
	char *line = NULL;
	size_t capacity = 0;
	fputs("short\n\n", file);
	for (int i = 0; i < 5000; i++)
		fputc('x', file);
	fwrite("\nwith\0zero\nlast", 1, 15, file);
	rewind(file);
	ssize_t length;
	while ((length = getline(&line, &capacity, file)) != -1)
		printf("%zd %d, ", length, line[length - 1] == '\n');
	CHECK(feof(file) && capacity > 5000);
	rewind(file);
	fputs("a;b;;c", file);
	CHECK(ftruncate(fileno(file), 6) == 0);
	rewind(file);
	while ((length = getdelim(&line, &capacity, ';', file)) > 0)
		printf("[%s]", line);
	putchar('\n');
	free(line);
	CHECK_ERRNO(getline(NULL, &capacity, file), EINVAL);
	rewind(file);
	char part[4];
	CHECK(fgets(part, 4, file) == part && !strcmp(part, "a;b"));
	CHECK(fgets(part, 1, file) == part && !*part);
	CHECK(fgets(part, 4, file) && !strcmp(part, ";;c") && !fgets(part, 4, file));
	fclose(file);
}

int main(void)
{
	in_memory();
	growing();
	cookies();
	lines();
	fflush(stdout);
	CHECK(dprintf(1, "%s %d\n", "dprintf", 5) == 10);
	CHECK(puts("puts") >= 0 && fputs("", stdout) >= 0 && fwrite("x", 0, 5, stdout) == 0);
	return check_status();
}
