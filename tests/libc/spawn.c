// skip-cross: qemu 7.2 has no execveat
/* posix_spawn with file actions and attributes, vfork, daemon-like detachment. */
#include "check.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int status_of(pid_t child)
{
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void plain(char *program)
{
	pid_t child;
	CHECK(posix_spawn(&child, "/bin/sh", NULL, NULL, (char *[]){"sh", "-c", "exit 4", NULL}, environ) == 0);
	CHECK(status_of(child) == 4);
	CHECK(posix_spawnp(&child, "sh", NULL, NULL, (char *[]){"sh", "-c", "exit $CODE", NULL}, (char *[]){"CODE=5", NULL}) == 0);
	CHECK(status_of(child) == 5);
	CHECK(posix_spawn(&child, program, NULL, NULL, (char *[]){program, "6", NULL}, environ) == 0);
	CHECK(status_of(child) == 6);
	CHECK(posix_spawn(&child, "/no/such/program", NULL, NULL, (char *[]){"x", NULL}, environ) == ENOENT);
	CHECK(posix_spawnp(&child, "no-such-program-anywhere", NULL, NULL, (char *[]){"x", NULL}, environ) == ENOENT);
	CHECK_ERRNO(wait(NULL), ECHILD);
}

static void actions(void)
{
	posix_spawn_file_actions_t list;
	pid_t child;
	int ends[2];
	CHECK(pipe(ends) == 0 && posix_spawn_file_actions_init(&list) == 0);
	CHECK(posix_spawn_file_actions_addopen(&list, 0, "/dev/null", O_RDONLY, 0) == 0);
	CHECK(posix_spawn_file_actions_adddup2(&list, ends[1], 1) == 0);
	CHECK(posix_spawn_file_actions_addclose(&list, ends[0]) == 0 && posix_spawn_file_actions_addclose(&list, ends[1]) == 0);
	CHECK(posix_spawn_file_actions_addchdir_np(&list, "/") == 0);
	CHECK(posix_spawnp(&child, "sh", &list, NULL, (char *[]){"sh", "-c", "cat; pwd", NULL}, environ) == 0);
	close(ends[1]);
	char text[64] = {0};
	CHECK(read(ends[0], text, sizeof text) == 2 && !strcmp(text, "/\n") && read(ends[0], text, 1) == 0);
	CHECK(status_of(child) == 0);
	close(ends[0]);
	posix_spawn_file_actions_destroy(&list);
	posix_spawn_file_actions_init(&list);
	posix_spawn_file_actions_addopen(&list, 5, "/no/such/file", O_RDONLY, 0);
	CHECK(posix_spawnp(&child, "true", &list, NULL, (char *[]){"true", NULL}, environ) == ENOENT);
	posix_spawn_file_actions_destroy(&list);
}

static void attributes(void)
{
	posix_spawnattr_t attributes;
	sigset_t set;
	pid_t child;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	CHECK(posix_spawnattr_init(&attributes) == 0 && posix_spawnattr_setsigmask(&attributes, &set) == 0);
	CHECK(posix_spawnattr_setsigdefault(&attributes, &set) == 0 && posix_spawnattr_setpgroup(&attributes, 0) == 0);
	CHECK(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP) == 0);
	/* SIGTERM is blocked in the child, so it survives its own signal. */
	CHECK(posix_spawnp(&child, "sh", NULL, &attributes, (char *[]){"sh", "-c", "kill -TERM $$; exit 3", NULL}, environ) == 0);
	CHECK(status_of(child) == 3);
	signal(SIGTERM, SIG_IGN);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attributes, &set);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	CHECK(posix_spawnp(&child, "sh", NULL, &attributes, (char *[]){"sh", "-c", "kill -TERM $$; exit 3", NULL}, environ) == 0);
	CHECK(status_of(child) == 1000 + SIGTERM);
	posix_spawnattr_destroy(&attributes);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return atoi(argv[1]);
	plain(argv[0]);
	actions();
	attributes();
	pid_t child = vfork();
	if (child == 0)
		_exit(11);
	CHECK(status_of(child) == 11);
	return check_status();
}
