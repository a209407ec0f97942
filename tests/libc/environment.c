// skip-cross: qemu does not execute programs of its instruction set
// env: GIVEN=by the runner
// env: EMPTY=
// env: EQUALS=a=b=c
/* Environment variables: reading, changing, odd values, passing them on byte for byte. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void given(void)
{
	CHECK(!strcmp(getenv("GIVEN"), "by the runner") && !strcmp(getenv("EMPTY"), "") && !strcmp(getenv("EQUALS"), "a=b=c"));
	CHECK(getenv("ABSENT") == NULL && getenv("") == NULL && getenv("GIVE") == NULL && getenv("GIVEN=") == NULL);
	CHECK(secure_getenv("GIVEN") != NULL);
	int count = 0;
	for (char **e = environ; *e; e++)
		count += strchr(*e, '=') != NULL;
	CHECK(count >= 4);
}

static void changes(void)
{
	CHECK(setenv("NEW", "1", 0) == 0 && setenv("NEW", "2", 0) == 0 && !strcmp(getenv("NEW"), "1"));
	CHECK(setenv("NEW", "a longer value", 1) == 0 && !strcmp(getenv("NEW"), "a longer value"));
	CHECK_ERRNO(setenv("", "x", 1), EINVAL);
	CHECK_ERRNO(setenv("A=B", "x", 1), EINVAL);
	CHECK(unsetenv("NEW") == 0 && !getenv("NEW") && unsetenv("NEW") == 0);
	CHECK_ERRNO(unsetenv("A=B"), EINVAL);
	static char own[] = "OWN=first";
	CHECK(putenv(own) == 0 && !strcmp(getenv("OWN"), "first"));
	own[4] = 'F';
	CHECK(!strcmp(getenv("OWN"), "First"));
	for (int i = 0; i < 1000; i++) {
		char name[16];
		snprintf(name, sizeof name, "MANY%d", i);
		CHECK(setenv(name, name + 4, 1) == 0);
	}
	CHECK(!strcmp(getenv("MANY999"), "999") && !strcmp(getenv("GIVEN"), "by the runner"));
	CHECK(clearenv() == 0 && getenv("GIVEN") == NULL);
}

/* What the second run of this program must see. */
static char *odd_environment(void)
{
	char *huge = malloc(100001);
	memset(huge, 'h', 100000);
	huge[100000] = 0;
	memcpy(huge, "HUGE=", 5);
	return huge;
}

static int second_run(void)
{
	CHECK(!strcmp(getenv("NEWLINE"), "one\ntwo\n") && !strcmp(getenv("BYTES"), "\x01\xff\xfe\x80\t"));
	CHECK(strlen(getenv("HUGE")) == 99995 && !strcmp(getenv("EMPTY"), ""));
	CHECK(!strcmp(environ[4], "no equals sign") && environ[5] == NULL);
	return check_status();
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return second_run();
	given();
	changes();
	char *const odd[] = {"NEWLINE=one\ntwo\n", "BYTES=\x01\xff\xfe\x80\t", odd_environment(), "EMPTY=", "no equals sign", NULL};
	char *const arguments[] = {argv[0], "again", NULL};
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		execve(argv[0], arguments, odd);
		_exit(126);
	}
	int status;
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
	return check_status();
}
