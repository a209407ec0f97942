// timeout: 120
/* Many forks, one after the other, side by side and in depth, with data through pipes. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int wait_for(pid_t child)
{
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void in_sequence(void)
{
	for (int i = 0; i < 200; i++) {
		pid_t child = fork();
		if (child == 0)
			_exit(i);
		if (!CHECK(child > 0 && wait_for(child) == i))
			return;
	}
}

static void side_by_side(void)
{
	int ends[2];
	CHECK(pipe(ends) == 0);
	for (int i = 0; i < 40; i++)
		if (fork() == 0) {
			char *block = malloc(100000);
			memset(block, i, 100000);
			_exit(write(ends[1], block + 50000, 100) == 100 ? 0 : 1);
		}
	close(ends[1]);
	char seen[40] = {0}, record[100];
	size_t total = 0;
	ssize_t n;
	while ((n = read(ends[0], record, 100)) > 0) {
		seen[(int)record[0]]++;
		total += (size_t)n;
	}
	CHECK(total == 4000 && !memchr(seen, 0, 40));
	for (int i = 0; i < 40; i++)
		CHECK(wait(NULL) > 0);
	close(ends[0]);
}

static int in_depth(int depth)
{
	if (depth == 0)
		return 1;
	pid_t child = fork();
	if (child == 0)
		_exit(in_depth(depth - 1));
	return wait_for(child) + 1;
}

/* A chain of filters, each of which adds one. */
static void chain(void)
{
	int first[2], in;
	CHECK(pipe(first) == 0);
	in = first[0];
	for (int i = 0; i < 20; i++) {
		int next[2];
		CHECK(pipe(next) == 0);
		if (fork() == 0) {
			int value;
			close(first[1]);
			while (read(in, &value, sizeof value) == sizeof value) {
				value++;
				if (write(next[1], &value, sizeof value) != sizeof value)
					_exit(1);
			}
			_exit(0);
		}
		close(in);
		close(next[1]);
		in = next[0];
	}
	for (int i = 0; i < 100; i++)
		CHECK(write(first[1], &i, sizeof i) == sizeof i);
	close(first[1]);
	int value, count = 0;
	while (read(in, &value, sizeof value) == sizeof value)
		CHECK(value == count++ + 20);
	CHECK(count == 100);
	for (int i = 0; i < 20; i++)
		CHECK(wait(NULL) > 0);
}

int main(void)
{
	in_sequence();
	side_by_side();
	printf("%d\n", in_depth(30));
	chain();
	CHECK_ERRNO(wait(NULL), ECHILD);
	return check_status();
}
