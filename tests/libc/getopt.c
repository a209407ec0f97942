/* getopt, getopt_long and getopt_long_only. */
#include "check.h"
#include <getopt.h>
#include <string.h>
#include <unistd.h>

static int long_flag;

static void each(const char *title, const char *options, const struct option *names, int only, char **arguments)
{
	int count = 0, index = -1, result;
	while (arguments[count])
		count++;
	printf("%s:", title);
	optind = 1;
	opterr = 0;
	/* Zero starts a new scan in glibc, one in the standard; both know the assignment below. */
	optind = 0;
	while (index = -1, optarg = NULL, (result = !names ? getopt(count, arguments, options)
					    : only ? getopt_long_only(count, arguments, options, names, &index)
						   : getopt_long(count, arguments, options, names, &index)) != -1) {
		if (result > ' ')
			printf(" %c", result);
		else
			printf(" #%d", result);
		if (index >= 0)
			printf("(%s)", names[index].name);
		if (result == '?' || result == ':')
			printf("[%c]", optopt > ' ' ? optopt : '-');
		else if (optarg)
			printf("=%s", optarg);
	}
	printf(" | rest:");
	for (int i = optind; i < count; i++)
		printf(" %s", arguments[i]);
	putchar('\n');
}

int main(void)
{
	static const struct option names[] = {
		{"alpha", no_argument, NULL, 'a'},	 {"beta", required_argument, NULL, 'b'},
		{"gamma", optional_argument, NULL, 'g'}, {"flag", no_argument, &long_flag, 5},
		{"flatten", no_argument, NULL, 'f'},	 {0},
	};
	each("short", "ab:c", NULL, 0, (char *[]){"x", "-a", "-bvalue", "-b", "next", "-ac", "file", NULL});
	each("unknown", "ab:", NULL, 0, (char *[]){"x", "-z", "-a", NULL});
	each("missing", "ab:", NULL, 0, (char *[]){"x", "-b", NULL});
	each("missing, quiet", ":ab:", NULL, 0, (char *[]){"x", "-b", NULL});
	each("end", "a", NULL, 0, (char *[]){"x", "-a", "--", "-a", NULL});
	each("permuted", "ab:", names, 0, (char *[]){"x", "one", "-a", "two", "-b", "v", "three", NULL});
	each("in order", "+ab:", NULL, 0, (char *[]){"x", "one", "-a", NULL});
	each("returned", "-ab:", NULL, 0, (char *[]){"x", "one", "-a", "two", NULL});
	each("optional", "a::b", NULL, 0, (char *[]){"x", "-a", "-avalue", "-b", NULL});
	each("long", "ab:", names, 0, (char *[]){"x", "--alpha", "--beta=v", "--beta", "w", "--gamma", "--gamma=o", "--flag", "r", NULL});
	each("abbreviated", "ab:", names, 0, (char *[]){"x", "--al", "--be=1", NULL});
	each("ambiguous", "ab:", names, 0, (char *[]){"x", "--fla", "--alpha", NULL});
	each("long only", "ab:", names, 1, (char *[]){"x", "-alpha", "-beta=v", "-a", NULL});
	each("nothing", "a", NULL, 0, (char *[]){"x", NULL});
	each("dash", "a", names, 0, (char *[]){"x", "-", "-a", NULL});
	CHECK(long_flag == 5);
	return check_status();
}
