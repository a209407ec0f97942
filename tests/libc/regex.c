/* regcomp and regexec: basic and extended syntax, submatches, flags, errors. */
#include "check.h"
#include <regex.h>
#include <string.h>

struct match {
	const char *pattern;
	int flags;
	const char *text;
};

static const struct match matches[] = {
	{"abc", 0, "xabcx"},
	{"^abc$", 0, "abc"},
	{"^abc$", 0, "abcd"},
	{"a*", 0, "baaa"},
	{"a\\{2,3\\}", 0, "aaaa"},
	{"\\(a\\)\\(b*\\)", 0, "abbb"},
	{"\\(..\\)\\1", 0, "xabab"},
	{"a|b", 0, "a|b"},
	{"[[:digit:]]\\{1,\\}", 0, "abc123"},
	{"a+", REG_EXTENDED, "baaac"},
	{"a?b", REG_EXTENDED, "b"},
	{"(a|ab)(c|bcd)(d*)", REG_EXTENDED, "abcd"},
	{"(foo|foobar)(bar)?", REG_EXTENDED, "foobarbar"},
	{"x{2}", REG_EXTENDED, "axxx"},
	{"x{2,}", REG_EXTENDED, "axxx"},
	{"^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)", REG_EXTENDED, "http://host/path?query"},
	{"[a-c]+[^a-c]", REG_EXTENDED, "zabcd"},
	{"[]x]+", REG_EXTENDED, "a]x]b"},
	{"[a\\]+", REG_EXTENDED, "\\a\\"},
	{"[[:alpha:]_][[:alnum:]_]*", REG_EXTENDED, "9 name_1 "},
	{"\\.", REG_EXTENDED, "a.b"},
	{"HELLO", REG_EXTENDED | REG_ICASE, "say hello"},
	{"[a-z]+", REG_EXTENDED | REG_ICASE, "XYZ"},
	{"^b", REG_EXTENDED | REG_NEWLINE, "a\nb"},
	{"a$", REG_EXTENDED | REG_NEWLINE, "a\nb"},
	{"a.b", REG_EXTENDED | REG_NEWLINE, "a\nb"},
	{"a.b", REG_EXTENDED, "a\nb"},
	{"()", REG_EXTENDED, "x"},
	{"(a*)(a|aa)", REG_EXTENDED, "aaaa"},
	{"(a*)+b", REG_EXTENDED, "aab"},
	{"^$", REG_EXTENDED, ""},
	{"ö+", REG_EXTENDED, "höören"},
	{"h.r", REG_EXTENDED, "h\xc3\xb6r"},
};

static void each_match(void)
{
	for (size_t i = 0; i < sizeof matches / sizeof *matches; i++) {
		const struct match *m = &matches[i];
		regex_t regex;
		int result = regcomp(&regex, m->pattern, m->flags);
		if (!CHECK(result == 0)) {
			printf("  /%s/\n", m->pattern);
			continue;
		}
		regmatch_t parts[10];
		result = regexec(&regex, m->text, 10, parts, 0);
		printf("/%s/ %zu groups: %s", m->pattern, regex.re_nsub, result ? "no match" : "match");
		for (size_t part = 0; !result && part <= regex.re_nsub; part++)
			printf(" (%d,%d)", (int)parts[part].rm_so, (int)parts[part].rm_eo);
		putchar('\n');
		regfree(&regex);
	}
}

static void execution_flags(void)
{
	regex_t regex;
	CHECK(regcomp(&regex, "^a.*z$", REG_EXTENDED | REG_NOSUB) == 0);
	CHECK(regexec(&regex, "a-z", 0, NULL, 0) == 0);
	CHECK(regexec(&regex, "a-z", 0, NULL, REG_NOTBOL) == REG_NOMATCH);
	CHECK(regexec(&regex, "a-z", 0, NULL, REG_NOTEOL) == REG_NOMATCH);
	regfree(&regex);
}

static void errors(void)
{
	static const struct {
		const char *pattern;
		int code;
	} bad[] = {{"[a", REG_EBRACK},	 {"(a", REG_EPAREN},	 {"a{2,1}", REG_BADBR},
		   {"[[:nope:]]", REG_ECTYPE}, {"[b-a]", REG_ERANGE}, {"a\\", REG_EESCAPE}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		regex_t regex;
		char message[100];
		int code = regcomp(&regex, bad[i].pattern, REG_EXTENDED);
		if (!CHECK(code == bad[i].code))
			printf("  /%s/: %d\n", bad[i].pattern, code);
		CHECK(regerror(code, &regex, message, sizeof message) > 1 && strlen(message) > 0);
	}
}

static void long_text(void)
{
	static char text[100001];
	memset(text, 'a', 100000);
	text[99999] = 'b';
	regex_t regex;
	regmatch_t part;
	CHECK(regcomp(&regex, "a+b$", REG_EXTENDED) == 0);
	CHECK(regexec(&regex, text, 1, &part, 0) == 0 && part.rm_so == 0 && part.rm_eo == 100000);
	regfree(&regex);
}

int main(void)
{
	each_match();
	execution_flags();
	errors();
	long_text();
	return check_status();
}
