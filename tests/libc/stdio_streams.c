/* Streams: modes, positions, pushing back, end and error marks, buffers, freopen, descriptors. */
#include "check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static const char *get(const char *path)
{
	static char text[200];
	FILE *file = fopen(path, "r");
	text[file ? fread(text, 1, sizeof text - 1, file) : 0] = 0;
	if (file)
		fclose(file);
	return text;
}

static void modes(void)
{
	static const char *const all[] = {"r", "r+", "w", "w+", "a", "a+", "rb", "wbx", "we", "r+b"};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		put("file", "0123456789");
		FILE *file = fopen("file", all[i]);
		printf("%s: %s", all[i], file ? "open" : errno == EEXIST ? "EEXIST" : "other");
		if (file) {
			int cloexec = fcntl(fileno(file), F_GETFD) & FD_CLOEXEC;
			int c = fgetc(file);
			printf(" read %d error %d", c, ferror(file) != 0);
			clearerr(file);
			fseek(file, 2, SEEK_SET);
			int w = fputs("AB", file);
			printf(" write %d error %d close %d cloexec %d", w >= 0, ferror(file) != 0, fclose(file), cloexec);
		}
		printf(" -> %s\n", get("file"));
	}
	CHECK(fopen("absent", "r") == NULL && errno == ENOENT);
	CHECK(fopen("file", "q") == NULL && errno == EINVAL);
	CHECK(fopen(".", "w") == NULL && errno == EISDIR);
	unlink("file");
}

static void positions(void)
{
	FILE *file = tmpfile();
	CHECK(fputs("abcdefghij", file) >= 0 && ftell(file) == 10);
	CHECK(fseek(file, -3, SEEK_END) == 0 && ftell(file) == 7 && fgetc(file) == 'h');
	CHECK(fseek(file, 1, SEEK_CUR) == 0 && fgetc(file) == 'j' && fgetc(file) == EOF && feof(file));
	CHECK(fseek(file, 0, SEEK_SET) == 0 && !feof(file) && fgetc(file) == 'a');
	CHECK_ERRNO(fseek(file, -1, SEEK_SET), EINVAL);
	fpos_t mark;
	CHECK(fgetpos(file, &mark) == 0 && fgetc(file) == 'b' && fsetpos(file, &mark) == 0 && fgetc(file) == 'b');
	CHECK(ungetc('X', file) == 'X' && ftell(file) == 1 && fgetc(file) == 'X' && fgetc(file) == 'c');
	CHECK(ungetc(EOF, file) == EOF);
	/* A change from reading to writing at a known place. */
	CHECK(fseek(file, 2, SEEK_SET) == 0 && fputc('C', file) == 'C' && fflush(file) == 0);
	rewind(file);
	char all[11] = {0};
	CHECK(fread(all, 1, 10, file) == 10 && !strcmp(all, "abCdefghij"));
	CHECK(fread(all, 4, 3, file) == 0 && feof(file));
	rewind(file);
	CHECK(fread(all, 4, 3, file) == 2);
	fclose(file);
}

static void large(void)
{
	FILE *file = tmpfile();
	CHECK(fseeko(file, 5L << 30, SEEK_SET) == 0 && fputc('!', file) == '!' && fflush(file) == 0);
	CHECK(ftello(file) == (5L << 30) + 1);
	struct stat status;
	CHECK(fstat(fileno(file), &status) == 0 && status.st_size == (5L << 30) + 1);
	CHECK(fseeko(file, -1, SEEK_END) == 0 && fgetc(file) == '!');
	CHECK(ftruncate(fileno(file), 0) == 0);
	fclose(file);
}

static void buffering(void)
{
	static char own[256];
	struct stat status;
	FILE *file = fopen("buffered", "w");
	CHECK(setvbuf(file, own, _IOFBF, sizeof own) == 0);
	fputs("small", file);
	CHECK(stat("buffered", &status) == 0 && status.st_size == 0);
	fprintf(file, "%300s", "longer than the buffer");
	CHECK(stat("buffered", &status) == 0 && status.st_size > 0);
	fclose(file);
	file = fopen("buffered", "w");
	setvbuf(file, NULL, _IONBF, 0);
	fputs("now", file);
	CHECK(stat("buffered", &status) == 0 && status.st_size == 3);
	fclose(file);
	file = fopen("buffered", "w");
	setvbuf(file, NULL, _IOLBF, 1024);
	fputs("part", file);
	CHECK(stat("buffered", &status) == 0 && status.st_size == 0);
	fputs("\n", file);
	CHECK(stat("buffered", &status) == 0 && status.st_size == 5);
	fclose(file);
	unlink("buffered");
}

/* Standard error writes at once unless it is told to keep lines together. */
static void errors_to(const char *name, int buffered)
{
	struct stat status;
	int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(dup2(file, 2) == 2);
	if (buffered)
		setlinebuf(stderr);
	fputs("bc", stderr);
	fprintf(stderr, "%d", 4);
	CHECK(fstat(file, &status) == 0 && status.st_size == (buffered ? 0 : 3));
	fputs("e\nf", stderr);
	CHECK(fstat(file, &status) == 0 && status.st_size == (buffered ? 5 : 6));
	fflush(stderr);
	CHECK(fstat(file, &status) == 0 && status.st_size == 6);
	unlink(name);
	fflush(stdout);
	_exit(check_status());
}

static void buffered_errors(void)
{
	fflush(stdout);
	for (int buffered = 0; buffered < 2; buffered++) {
		pid_t child = fork();
		if (child == 0)
			errors_to("errors", buffered);
		int status;
		CHECK(waitpid(child, &status, 0) == child && status == 0);
	}
}

static void reopening(void)
{
	put("first", "one");
	put("second", "two");
	FILE *file = fopen("first", "r");
	int number = fileno(file);
	CHECK(fgetc(file) == 'o' && freopen("second", "r+", file) == file && fileno(file) == number);
	CHECK(fgetc(file) == 't');
	fclose(file);
	int descriptor = open("first", O_RDWR);
	CHECK((file = fdopen(descriptor, "r+")) && fileno(file) == descriptor && fgetc(file) == 'o');
	fclose(file);
	CHECK_ERRNO(close(descriptor), EBADF);
	unlink("first");
	unlink("second");
}

static void failures(void)
{
	FILE *full = fopen("/dev/full", "w");
	CHECK(full && fputs("x", full) >= 0);
	CHECK_ERRNO(fflush(full), ENOSPC);
	CHECK(ferror(full));
	fclose(full);
	FILE *empty = fopen("/dev/null", "r");
	CHECK(fgetc(empty) == EOF && feof(empty) && !ferror(empty));
	fclose(empty);
	FILE *directory = fopen(".", "r");
	CHECK(directory && fgetc(directory) == EOF && ferror(directory) && errno == EISDIR);
	fclose(directory);
}

int main(void)
{
	modes();
	positions();
	large();
	buffering();
	buffered_errors();
	reopening();
	failures();
	return check_status();
}
