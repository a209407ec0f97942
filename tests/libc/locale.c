/* setlocale, localeconv, nl_langinfo and locale objects. */
#include "check.h"
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static void names(void)
{
	CHECK(!strcmp(setlocale(LC_ALL, NULL), "C"));
	CHECK(!strcmp(setlocale(LC_NUMERIC, "C"), "C"));
	CHECK(!strcmp(setlocale(LC_ALL, "POSIX"), "C"));
	CHECK(!strcmp(setlocale(LC_CTYPE, "C.UTF-8"), "C.UTF-8"));
	CHECK(!strcmp(setlocale(LC_CTYPE, NULL), "C.UTF-8") && !strcmp(setlocale(LC_TIME, NULL), "C"));
	CHECK(strchr(setlocale(LC_ALL, NULL), ';') != NULL);
	char *saved = strdup(setlocale(LC_ALL, NULL));
	CHECK(setlocale(LC_ALL, "C") && setlocale(LC_ALL, saved) && !strcmp(setlocale(LC_CTYPE, NULL), "C.UTF-8"));
	free(saved);
	CHECK(setlocale(99, "C") == NULL);
	/* The environment chooses for "". */
	setenv("LC_ALL", "C.UTF-8", 1);
	CHECK(setlocale(LC_ALL, "") && !strcmp(setlocale(LC_CTYPE, NULL), "C.UTF-8"));
	unsetenv("LC_ALL");
	setenv("LC_CTYPE", "C", 1);
	setenv("LANG", "C", 1);
	CHECK(!strcmp(setlocale(LC_ALL, ""), "C"));
}

static void conventions(void)
{
	struct lconv *c = localeconv();
	CHECK(!strcmp(c->decimal_point, ".") && !*c->thousands_sep && !*c->grouping && !*c->currency_symbol);
	CHECK(c->frac_digits == CHAR_MAX && c->p_cs_precedes == CHAR_MAX && c->int_frac_digits == CHAR_MAX);
}

static void information(void)
{
	static const nl_item items[] = {
		RADIXCHAR, THOUSEP, D_FMT, T_FMT, T_FMT_AMPM, AM_STR, PM_STR, DAY_1, DAY_7, ABDAY_1, ABDAY_7,
		MON_1, MON_12, ABMON_1, ABMON_12, YESEXPR, NOEXPR,
	};
	setlocale(LC_ALL, "C.UTF-8");
	for (size_t i = 0; i < sizeof items / sizeof *items; i++)
		printf("[%s]", nl_langinfo(items[i]));
	putchar('\n');
	CHECK(!strcmp(nl_langinfo(CODESET), "UTF-8") && MB_CUR_MAX >= 4);
	setlocale(LC_ALL, "C");
	CHECK(MB_CUR_MAX == 1);
}

static void objects(void)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", NULL);
	CHECK(plain != NULL);
	locale_t mixed = newlocale(LC_CTYPE_MASK, "C.UTF-8", plain);
	CHECK(mixed != NULL && !strcmp(nl_langinfo_l(CODESET, mixed), "UTF-8"));
	uselocale(mixed);
	CHECK(MB_CUR_MAX >= 4 && mblen("ä", 4) == 2);
	uselocale(LC_GLOBAL_LOCALE);
	CHECK(MB_CUR_MAX == 1);
	freelocale(mixed);
}

int main(void)
{
	names();
	conventions();
	information();
	objects();
	return check_status();
}
