// skip-cross: qemu does not execute programs of its instruction set
// args: plain two
/* Command line arguments, byte for byte: empty, long, newlines, every byte value, very many. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(char *program, char **arguments)
{
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		execv(program, arguments);
		_exit(126);
	}
	int status;
	CHECK(waitpid(child, &status, 0) == child);
	if (!CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0))
		printf("  status %x\n", status);
}

static char *all_bytes(void)
{
	static char bytes[256];
	for (int i = 0; i < 255; i++)
		bytes[i] = (char)(i + 1);
	return bytes;
}

static int odd(int argc, char **argv)
{
	CHECK(argc == 6 && !strcmp(argv[2], "") && !strcmp(argv[3], "line\nline") && !strcmp(argv[4], all_bytes()));
	CHECK(strspn(argv[5], "L") == 100000 && strlen(argv[5]) == 100000 && argv[6] == NULL);
	return check_status();
}

static int many(int argc, char **argv)
{
	CHECK(argc == 10002);
	for (int i = 2; i < argc; i++)
		if (!CHECK(atoi(argv[i]) == i))
			break;
	return check_status();
}

int main(int argc, char **argv)
{
	if (!strcmp(argv[1], "odd"))
		return odd(argc, argv);
	if (!strcmp(argv[1], "many"))
		return many(argc, argv);
	CHECK(argc == 3 && !strcmp(argv[1], "plain") && !strcmp(argv[2], "two") && argv[3] == NULL);
	CHECK(strstr(argv[0], "arguments") && strlen(program_invocation_short_name) > 0);
	char *large = malloc(100001);
	memset(large, 'L', 100000);
	large[100000] = 0;
	run(argv[0], (char *[]){argv[0], "odd", "", "line\nline", all_bytes(), large, NULL});
	char **list = calloc(10003, sizeof *list);
	list[0] = argv[0];
	list[1] = "many";
	for (int i = 2; i < 10002; i++)
		CHECK(asprintf(&list[i], "%d", i) > 0);
	run(argv[0], list);
	return check_status();
}
