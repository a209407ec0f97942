// skip-cross: qemu 7.2 has no execveat
/* popen and system: reading, writing, exit statuses. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

int main(void)
{
	char line[64];
	FILE *pipe = popen("echo from shell; exit 5", "r");
	CHECK(pipe && fgets(line, sizeof line, pipe) && !strcmp(line, "from shell\n") && !fgets(line, sizeof line, pipe));
	int status = pclose(pipe);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 5);
	fflush(stdout);
	pipe = popen("tr a-z A-Z", "w");
	fprintf(pipe, "written to tr\n");
	CHECK(pclose(pipe) == 0);
	/* Two at once: the second child must not hold the first pipe open. */
	FILE *first = popen("cat >/dev/null; exit 1", "w"), *second = popen("cat", "w");
	CHECK(first && second);
	CHECK(WEXITSTATUS(pclose(first)) == 1 && pclose(second) == 0);
	CHECK(popen("true", "x") == NULL && errno == EINVAL);
	status = system("exit 3");
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	status = system("kill -9 $$");
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == 9);
	CHECK(system(NULL) != 0);
	CHECK(WEXITSTATUS(system("/no/such/program 2>/dev/null")) == 127);
	setenv("PASSED", "to the shell", 1);
	fflush(stdout);
	CHECK(system("echo \"$PASSED\"") == 0);
	return check_status();
}
