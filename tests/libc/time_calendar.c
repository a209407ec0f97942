/* Calendar time: gmtime, localtime, mktime, timegm, strftime, strptime and TZ rules. */
#include "check.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

static const long times[] = {0, 1, -1, 86399, 86400, 951782400, 951868800, 1709164800, 1709251199, 1709251200,
			     1718000000, 1700000000, 2147483647, 2147483648, 4102444800, 253402300799, -2208988800,
			     -62135596800, 32503680000, 1711846799, 1711846800, 1729990800, 1729994400};

static void show(const char *name, const struct tm *tm)
{
	printf("%s %d-%02d-%02d %02d:%02d:%02d week day %d, year day %d, dst %d\n", name, tm->tm_year + 1900,
	       tm->tm_mon + 1, tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, tm->tm_wday, tm->tm_yday, tm->tm_isdst);
}

static void each_time(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
	printf("zone %s: %s %s %ld %d\n", zone, tzname[0], daylight ? tzname[1] : "-", timezone, daylight != 0);
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		struct tm utc, local;
		CHECK(gmtime_r(&times[i], &utc) == &utc && localtime_r(&times[i], &local) == &local);
		show("utc", &utc);
		show("local", &local);
		printf("%s %ld\n", local.tm_zone, local.tm_gmtoff);
		CHECK(timegm(&utc) == times[i] && mktime(&local) == times[i]);
	}
}

static void normalising(void)
{
	setenv("TZ", "UTC0", 1);
	tzset();
	struct tm tm = {.tm_year = 124, .tm_mon = 13, .tm_mday = 32, .tm_hour = -1, .tm_min = 61, .tm_sec = 3601};
	long result = mktime(&tm);
	show("normalised", &tm);
	printf("%ld\n", result);
	tm = (struct tm){.tm_year = 124, .tm_mon = 2, .tm_mday = 0};
	CHECK(mktime(&tm) == 1709164800);
	tm = (struct tm){.tm_year = INT_MAX, .tm_mon = 24};
	errno = 0;
	CHECK(mktime(&tm) == -1 && errno == EOVERFLOW);
	long far = LONG_MAX;
	errno = 0;
	CHECK(gmtime(&far) == NULL && errno == EOVERFLOW);
	/* The hour that does not exist and the one that exists twice. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	tm = (struct tm){.tm_year = 124, .tm_mon = 9, .tm_mday = 27, .tm_hour = 2, .tm_min = 30, .tm_isdst = 1};
	printf("%ld", (long)mktime(&tm));
	tm = (struct tm){.tm_year = 124, .tm_mon = 9, .tm_mday = 27, .tm_hour = 2, .tm_min = 30, .tm_isdst = 0};
	printf(" %ld\n", (long)mktime(&tm));
}

static void formatting(void)
{
	static const char formats[] = "aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%";
	setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
	tzset();
	for (size_t i = 0; i < sizeof times / sizeof *times; i += 3) {
		struct tm tm;
		localtime_r(&times[i], &tm);
		for (const char *f = formats; *f; f++) {
			char format[] = {'%', *f, 0}, text[100];
			size_t length = strftime(text, sizeof text, format, &tm);
			printf("%c[%s]", *f, *f == 'n' || *f == 't' ? "blank" : text);
			CHECK(length == strlen(text));
		}
		putchar('\n');
	}
	struct tm tm;
	gmtime_r(&times[10], &tm);
	char text[64];
	CHECK(strftime(text, 10, "%Y-%m-%d", &tm) == 0 && strftime(text, 11, "%Y-%m-%d", &tm) == 10);
	CHECK(strftime(text, sizeof text, "", &tm) == 0);
	CHECK(strftime(text, sizeof text, "%Ey %Od", &tm) > 0);
	printf("%s\n", text);
	wchar_t wide[64];
	CHECK(wcsftime(wide, 64, L"%A, %d %B", &tm) > 0);
	printf("%ls\n", wide);
	printf("%s%s", asctime(&tm), ctime(&times[10]));
}

static void parsing(void)
{
	static const char *const cases[][2] = {
		{"%Y-%m-%d %H:%M:%S", "2024-02-29 23:59:58"}, {"%d %b %y", "7 mar 99"}, {"%A %B %e", "Friday december 25"},
		{"%I:%M %p", "12:30 AM"}, {"%I:%M %p", "01:05 pm"}, {"%D", "12/31/69"},
		{"%T%n%R", "01:02:03 04:05"}, {"%%%C", "%20"}, {"%Y", "abc"}, {"%H", "25"}, {"%m", "0"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct tm tm = {.tm_mday = 1, .tm_isdst = -1};
		char *end = strptime(cases[i][1], cases[i][0], &tm);
		printf("%s: %s %d %d %d %d %d %d\n", cases[i][1], end ? end : "none", end ? tm.tm_year : 0,
		       end ? tm.tm_mon : 0, end ? tm.tm_mday : 0, end ? tm.tm_hour : 0, end ? tm.tm_min : 0,
		       end ? tm.tm_sec : 0);
	}
}

int main(void)
{
	each_time("UTC0");
	each_time("CET-1CEST,M3.5.0,M10.5.0/3");
	each_time("EST5EDT,M3.2.0,M11.1.0");
	each_time("NZST-12NZDT,M9.5.0,M4.1.0/3");
	each_time("<+0530>-5:30");
	each_time("Europe/Berlin");
	each_time("America/New_York");
	normalising();
	formatting();
	parsing();
	CHECK(difftime(5, 3) == 2.0);
	return check_status();
}
