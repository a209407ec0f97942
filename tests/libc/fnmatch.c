// skip-cross: qemu 7.2 has no execveat
/* fnmatch with each flag, glob over a tree, wordexp. */
#include "check.h"
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wordexp.h>

static void patterns(void)
{
	static const struct {
		const char *pattern, *text;
		int flags;
	} cases[] = {
		{"*", "", 0},		   {"*", "abc", 0},	   {"a*c", "abc", 0},	      {"a*c", "abd", 0},
		{"?b?", "abc", 0},	   {"[a-c]x", "bx", 0},	   {"[!a-c]x", "bx", 0},     {"[]]", "]", 0},
		{"\\*", "*", 0},	   {"\\*", "\\x", FNM_NOESCAPE}, {"*", ".hidden", FNM_PERIOD}, {".*", ".hidden", FNM_PERIOD},
		{"*", "a/b", FNM_PATHNAME}, {"*/*", "a/b", FNM_PATHNAME}, {"a", "a/b", FNM_LEADING_DIR}, {"ABC", "abc", FNM_CASEFOLD},
		{"[[:upper:]]*", "Hi", 0}, {"a/*", "a/.b", FNM_PATHNAME | FNM_PERIOD}, {"*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaa", 0},
		{"[", "[", 0},		   {"", "", 0},		   {"", "x", 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		printf("'%s' '%s' %x: %d\n", cases[i].pattern, cases[i].text, cases[i].flags,
		       fnmatch(cases[i].pattern, cases[i].text, cases[i].flags) == FNM_NOMATCH);
}

static void make(const char *path)
{
	CHECK(close(open(path, O_CREAT | O_WRONLY, 0644)) == 0);
}

static void show(const char *pattern, int flags)
{
	glob_t found = {.gl_offs = 1};
	int result = glob(pattern, flags, NULL, &found);
	printf("%s %d: ", pattern, result == GLOB_NOMATCH ? -1 : result);
	for (size_t i = 0; result == 0 && i < found.gl_pathc; i++)
		printf("%s ", found.gl_pathv[i + (flags & GLOB_DOOFFS ? found.gl_offs : 0)]);
	putchar('\n');
	if (result == 0)
		globfree(&found);
}

static void globs(void)
{
	mkdir("tree", 0755);
	mkdir("tree/sub", 0755);
	make("tree/b.c");
	make("tree/a.c");
	make("tree/.dot");
	make("tree/sub/c.h");
	show("tree/*", 0);
	show("tree/*.c", GLOB_DOOFFS);
	show("tree/*", GLOB_MARK);
	show("tree/*/*", 0);
	show("tree/.*t", 0);
	show("tree/none*", 0);
	show("tree/none*", GLOB_NOCHECK);
	show("tree/[ab].c", 0);
	show("tree/\\a.c", 0);
	show("tree/{a,b}.c", 0);
	glob_t both = {0};
	CHECK(glob("tree/a*", 0, NULL, &both) == 0 && glob("tree/b*", GLOB_APPEND, NULL, &both) == 0 && both.gl_pathc == 2);
	globfree(&both);
	unlink("tree/sub/c.h");
	unlink("tree/.dot");
	unlink("tree/a.c");
	unlink("tree/b.c");
	rmdir("tree/sub");
	CHECK(rmdir("tree") == 0);
}

static void words(void)
{
	wordexp_t result;
	setenv("name", "some value", 1);
	CHECK(wordexp("plain 'quoted words' \"$name\" $name", &result, 0) == 0);
	for (size_t i = 0; i < result.we_wordc; i++)
		printf("[%s]", result.we_wordv[i]);
	putchar('\n');
	wordfree(&result);
	CHECK(wordexp("$(echo no)", &result, WRDE_NOCMD) == WRDE_CMDSUB);
}

int main(void)
{
	patterns();
	globs();
	words();
	return check_status();
}
