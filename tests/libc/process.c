// skip-cross: qemu 7.2 has no execveat
/* fork, wait statuses, exec in all forms, pipes, inherited and closed descriptors, ids. */
#include "check.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int wait_for(pid_t child)
{
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	return status;
}

static void statuses(void)
{
	static const int codes[] = {0, 1, 127, 255, 256, -1};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		pid_t child = fork();
		if (child == 0)
			_exit(codes[i]);
		int status = wait_for(child);
		printf("%d ", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	}
	static const int signals[] = {SIGKILL, SIGTERM, SIGUSR1, SIGPIPE, SIGALRM, SIGINT};
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		pid_t child = fork();
		if (child == 0) {
			raise(signals[i]);
			_exit(0);
		}
		int status = wait_for(child);
		printf("%d ", WIFSIGNALED(status) ? WTERMSIG(status) : -1);
	}
	putchar('\n');
	CHECK_ERRNO(wait(NULL), ECHILD);
	CHECK_ERRNO(waitpid(getpid(), NULL, 0), ECHILD);
	CHECK_ERRNO(waitpid(-1, NULL, 0x40), EINVAL);
}

static void stopped(void)
{
	int ends[2];
	CHECK(pipe(ends) == 0);
	pid_t child = fork();
	if (child == 0) {
		raise(SIGSTOP);
		/* The end would take the place of the news that it goes on. */
		char byte;
		close(ends[1]);
		_exit(read(ends[0], &byte, 1) == 0 ? 9 : 1);
	}
	close(ends[0]);
	int status;
	CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	CHECK(waitpid(child, &status, WNOHANG) == 0);
	CHECK(kill(child, SIGCONT) == 0 && waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status));
	close(ends[1]);
	siginfo_t info = {0};
	CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0 && info.si_code == CLD_EXITED && info.si_status == 9);
	struct rusage usage;
	CHECK(wait4(child, &status, 0, &usage) == child && WEXITSTATUS(status) == 9);
}

static void memory_is_copied(void)
{
	static int variable = 1;
	int local = 1, ends[2];
	char *heap = strdup("parent");
	CHECK(pipe(ends) == 0);
	pid_t child = fork();
	if (child == 0) {
		variable = local = 2;
		strcpy(heap, "child");
		CHECK(write(ends[1], &variable, sizeof variable) == sizeof variable);
		_exit(getppid() > 0 && getpid() != getppid() ? 0 : 1);
	}
	int seen = 0;
	CHECK(read(ends[0], &seen, sizeof seen) == sizeof seen && seen == 2);
	CHECK(WEXITSTATUS(wait_for(child)) == 0 && variable == 1 && local == 1 && !strcmp(heap, "parent"));
	free(heap);
	close(ends[0]);
	close(ends[1]);
}

static int run(int form, char *program)
{
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		char *const list[] = {"sh", "-c", "exit ${CODE:-7}", NULL}, *const with[] = {"CODE=8", NULL};
		switch (form) {
		case 0:
			execl("/bin/sh", "sh", "-c", "exit ${CODE:-7}", NULL);
			break;
		case 1:
			execle("/bin/sh", "sh", "-c", "exit ${CODE:-7}", NULL, with);
			break;
		case 2:
			execlp("sh", "sh", "-c", "exit ${CODE:-7}", NULL);
			break;
		case 3:
			execv("/bin/sh", list);
			break;
		case 4:
			execvp("sh", list);
			break;
		case 5:
			execvpe("sh", list, with);
			break;
		case 6:
			fexecve(open("/bin/sh", O_RDONLY), list, with);
			break;
		case 7:
			execl(program, program, "status", "33", NULL);
			break;
		case 8:
			execl("/no/such/program", "x", NULL);
			_exit(errno == ENOENT ? 100 : 101);
		case 9:
			execl("/etc/passwd", "x", NULL);
			_exit(errno == EACCES ? 100 : 101);
		case 10:
			execl("/", "x", NULL);
			_exit(errno == EACCES ? 100 : 101);
		case 11:
			execlp("no-such-program-anywhere", "x", NULL);
			_exit(errno == ENOENT ? 100 : 101);
		}
		_exit(99);
	}
	return WEXITSTATUS(wait_for(child));
}

static void exec_closes(char *program)
{
	int stays = open("/dev/null", O_RDONLY), goes = open("/dev/null", O_RDONLY | O_CLOEXEC), ends[2];
	CHECK(pipe2(ends, O_CLOEXEC) == 0 && fcntl(stays, F_GETFD) == 0);
	pid_t child = fork();
	if (child == 0) {
		char first[12], second[12], third[12];
		snprintf(first, sizeof first, "%d", stays);
		snprintf(second, sizeof second, "%d", goes);
		snprintf(third, sizeof third, "%d", ends[1]);
		execl(program, program, "descriptors", first, second, third, NULL);
		_exit(99);
	}
	CHECK(WEXITSTATUS(wait_for(child)) == 0);
	close(ends[1]);
	CHECK(read(ends[0], &stays, 1) == 0);
	close(ends[0]);
	close(stays);
	close(goes);
}

static void pipeline(void)
{
	int first[2], second[2];
	CHECK(pipe(first) == 0 && pipe(second) == 0);
	pid_t child = fork();
	if (child == 0) {
		dup2(first[0], 0);
		dup2(second[1], 1);
		close(first[0]);
		close(first[1]);
		close(second[0]);
		close(second[1]);
		execlp("sort", "sort", "-r", NULL);
		_exit(99);
	}
	close(first[0]);
	close(second[1]);
	FILE *to = fdopen(first[1], "w"), *from = fdopen(second[0], "r");
	for (int i = 100; i < 105; i++)
		fprintf(to, "%d\n", i);
	fclose(to);
	char line[16];
	while (fgets(line, sizeof line, from))
		printf("%.3s ", line);
	putchar('\n');
	fclose(from);
	CHECK(WEXITSTATUS(wait_for(child)) == 0);
}

static void groups(void)
{
	CHECK(getpgrp() == getpgid(0) && getsid(0) >= 0 && getpriority(PRIO_PROCESS, 0) >= -20);
	pid_t child = fork();
	if (child == 0)
		_exit(setsid() == getpid() && getpgrp() == getpid() && getsid(0) == getpid() ? 0 : 1);
	CHECK(WEXITSTATUS(wait_for(child)) == 0);
	CHECK(setpgid(0, 0) == 0 && getpgrp() == getpid());
	CHECK_ERRNO(setpgid(-1, 0), EINVAL);
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "status"))
		return atoi(argv[2]);
	if (argc > 4)
		return fcntl(atoi(argv[2]), F_GETFD) == 0 && fcntl(atoi(argv[3]), F_GETFD) == -1 && fcntl(atoi(argv[4]), F_GETFD) == -1
			       ? 0
			       : 1;
	statuses();
	stopped();
	memory_is_copied();
	for (int form = 0; form < 12; form++)
		printf("%d ", run(form, argv[0]));
	putchar('\n');
	exec_closes(argv[0]);
	pipeline();
	groups();
	return check_status();
}
