// flags: -pthread
/* What a program finds that execve, a script or a descriptor started: arguments, environment,
 * descriptors, signals, timers, ids and limits. */
#include "../libc/check.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static char *own;

static int wait_for(pid_t child)
{
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* Starts this program anew in a child; `prepare` runs there before. */
static int anew(void (*prepare)(void), char *const argv[], char *const env[])
{
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		if (prepare)
			prepare();
		execve(own, argv, env ? env : environ);
		_exit(120);
	}
	return wait_for(child);
}

/* ---- what the new program looks at ---- */

static void show_arguments(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		printf("<%s>", argv[i]);
	printf(" %d\n", argc);
}

static void show_name(void)
{
	char name[32] = {0};
	CHECK(prctl(PR_GET_NAME, name) == 0);
	printf("named %s\n", name);
}

static void caught(int number)
{
	(void)number;
}

static void show_signals(void)
{
	struct sigaction action;
	sigset_t set;
	for (int i = 1; i < NSIG; i++)
		if (i != 32 && i != 33 && i != 34 && sigaction(i, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
			printf("%d %s\n", i, action.sa_handler == SIG_IGN ? "ignored" : "handled");
	CHECK(sigprocmask(SIG_BLOCK, NULL, &set) == 0);
	for (int i = 1; i < NSIG; i++)
		if (sigismember(&set, i) == 1)
			printf("%d blocked\n", i);
	CHECK(sigpending(&set) == 0);
	for (int i = 1; i < NSIG; i++)
		if (sigismember(&set, i) == 1)
			printf("%d pending\n", i);
	stack_t stack;
	CHECK(sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE));
}

static int wait_for_alarm(void)
{
	pause();
	return 1;
}

static int look(int argc, char **argv)
{
	const char *what = argv[1];
	if (!strncmp(what, "arguments", 9))
		show_arguments(argc, argv);
	else if (!strcmp(what, "environment"))
		for (char **entry = environ; *entry; entry++)
			printf("[%s]\n", *entry);
	else if (!strcmp(what, "name"))
		show_name();
	else if (!strcmp(what, "signals"))
		show_signals();
	else if (!strcmp(what, "alarm"))
		return wait_for_alarm();
	else if (!strcmp(what, "pid"))
		return getpid() == atoi(argv[2]) && getppid() == atoi(argv[3]) && getpgrp() == atoi(argv[4]) ? 0 : 1;
	else if (!strcmp(what, "descriptors"))
		for (int fd = 0; fd < 40; fd++)
			if (fcntl(fd, F_GETFD) >= 0)
				printf("%d ", fd);
	if (!strcmp(what, "limits")) {
		struct rlimit limit;
		static const int which[] = {RLIMIT_NOFILE, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_AS, RLIMIT_DATA, RLIMIT_FSIZE};
		for (size_t i = 0; i < sizeof which / sizeof *which; i++)
			if (getrlimit(which[i], &limit) == 0)
				printf("%llu ", (unsigned long long)limit.rlim_cur);
		printf("umask %03o nice %d\n", umask(0), getpriority(PRIO_PROCESS, 0));
	}
	fflush(stdout);
	return check_status();
}

/* ---- what the old program prepares ---- */

static void arguments(void)
{
	CHECK(anew(NULL, (char *[]){"", "arguments", "", "a b", "--help", "-", "\n", NULL}, NULL) == 0);
	CHECK(anew(NULL, (char *[]){"--run", "arguments", NULL}, NULL) == 0);
	CHECK(anew(NULL, (char *[]){"/no/such/name", "arguments", "\xff\x80", NULL}, NULL) == 0);
	static char *many[2002] = {"many", "arguments"};
	for (int i = 2; i < 2001; i++)
		many[i] = "x";
	CHECK(anew(NULL, many, NULL) == 0);
	/* Linux gives a program without arguments an empty name. */
	CHECK(anew(NULL, (char *[]){NULL}, (char *[]){"NAMELESS=1", NULL}) == 33);
	CHECK(anew(NULL, NULL, (char *[]){"NAMELESS=1", NULL}) == 33);
}

static void environment(void)
{
	CHECK(anew(NULL, (char *[]){"x", "environment", NULL}, (char *[]){NULL}) == 0);
	char *odd[] = {"A=1", "B=two\nlines", "A=again", "no value", "=x", "", "Z=\xff", "E=", NULL};
	CHECK(anew(NULL, (char *[]){"x", "environment", NULL}, odd) == 0);
}

static void write_script(const char *name, const char *first_line)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	CHECK(write(fd, first_line, strlen(first_line)) > 0);
	close(fd);
}

static void run_file(const char *file, int dirfd, int flags, char *const argv[])
{
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		syscall(SYS_execveat, dirfd, file, argv, environ, flags);
		_exit(120);
	}
	CHECK(wait_for(child) == 0);
}

static void scripts(void)
{
	char line[300];
	snprintf(line, sizeof line, "#! %s arguments\twith a tail  \nrest\n", own);
	write_script("script", line);
	run_file("./script", AT_FDCWD, 0, (char *[]){"lost", "one", "", "two", NULL});
	snprintf(line, sizeof line, "#!%s arguments", own);
	write_script("no-newline", line);
	run_file("no-newline", AT_FDCWD, 0, (char *[]){"lost", NULL});
	write_script("outer", "#!./no-newline and an argument\n");
	run_file("./outer", AT_FDCWD, 0, (char *[]){"lost", "last", NULL});
	snprintf(line, sizeof line, "#!%s name\n", own);
	write_script("a-script-with-a-long-name", line);
	run_file("./a-script-with-a-long-name", AT_FDCWD, 0, (char *[]){"x", NULL});
	CHECK(mkdir("sub", 0700) == 0 && rename("script", "sub/script") == 0);
	int folder = open("sub", O_RDONLY | O_DIRECTORY);
	CHECK(folder >= 0 && dup2(folder, 30) == 30 && close(folder) == 0);
	run_file("script", 30, 0, (char *[]){"lost", "by folder", NULL});
	folder = open("sub/script", O_RDONLY);
	CHECK(dup2(folder, 30) == 30 && close(folder) == 0);
	run_file("", 30, AT_EMPTY_PATH, (char *[]){"lost", "by descriptor", NULL});
	close(30);
}

static void name(void)
{
	CHECK(anew(NULL, (char *[]){"called", "name", NULL}, NULL) == 0);
	CHECK(symlink(own, "another-name-which-is-long") == 0);
	run_file("./another-name-which-is-long", AT_FDCWD, 0, (char *[]){"x", "name", NULL});
}

static void prepare_signals(void)
{
	static const int ignored[] = {SIGUSR1, SIGPIPE, SIGSEGV, SIGCHLD, 40};
	static const int blocked[] = {SIGTERM, SIGFPE, 64, SIGUSR1};
	sigset_t set;
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	signal(SIGUSR2, caught);
	signal(SIGBUS, caught);
	signal(SIGHUP, caught);
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof blocked / sizeof *blocked; i++)
		sigaddset(&set, blocked[i]);
	sigprocmask(SIG_SETMASK, &set, NULL);
	static char memory[8192 * 4];
	sigaltstack(&(stack_t){.ss_sp = memory, .ss_size = sizeof memory}, NULL);
	raise(SIGTERM);
	raise(SIGUSR1);
	raise(64);
	raise(64);
}

static void prepare_alarm(void)
{
	setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {0, 200000}}, NULL);
}

static void prepare_limits(void)
{
	static const struct {
		int which;
		rlim_t value;
	} limits[] = {{RLIMIT_NOFILE, 321}, {RLIMIT_STACK, 4 << 20}, {RLIMIT_CORE, 0}, {RLIMIT_AS, 3ULL << 30},
		{RLIMIT_DATA, 1 << 30}, {RLIMIT_FSIZE, 1 << 29}};
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		struct rlimit limit;
		getrlimit(limits[i].which, &limit);
		limit.rlim_cur = limits[i].value;
		setrlimit(limits[i].which, &limit);
	}
	umask(0137);
	setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + 1);
}

static void prepare_descriptors(void)
{
	for (int fd = 3; fd < 40; fd++)
		close(fd);
	int fd = open("/dev/null", O_RDONLY);
	CHECK(dup2(fd, 10) == 10 && fcntl(fd, F_DUPFD_CLOEXEC, 11) == 11 && dup3(fd, 12, O_CLOEXEC) == 12);
	CHECK(fcntl(12, F_SETFD, 0) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0);
	close(0);
}

/* A thread that is not the first one executes: the process keeps its number. */
static void *exec_in_thread(void *unused)
{
	char pid[16], parent[16], group[16];
	snprintf(pid, sizeof pid, "%d", getpid());
	snprintf(parent, sizeof parent, "%d", getppid());
	snprintf(group, sizeof group, "%d", getpgrp());
	execve(own, (char *[]){"x", "pid", pid, parent, group, NULL}, environ);
	_exit(121);
	return unused;
}

static void prepare_threads(void)
{
	pthread_t one, other;
	pthread_create(&other, NULL, (void *(*)(void *))pause, NULL);
	pthread_create(&one, NULL, exec_in_thread, NULL);
	pthread_join(one, NULL);
	_exit(122);
}

int main(int argc, char **argv)
{
	if (argc < 2 && getenv("NAMELESS"))
		return argc == 1 && argv[0][0] == 0 ? 33 : 34;
	if (argc > 1)
		return look(argc, argv);
	own = argv[0];
	arguments();
	environment();
	scripts();
	name();
	CHECK(anew(prepare_signals, (char *[]){"x", "signals", NULL}, NULL) == 0);
	CHECK(anew(prepare_alarm, (char *[]){"x", "alarm", NULL}, NULL) == 1000 + SIGALRM);
	CHECK(anew(prepare_limits, (char *[]){"x", "limits", NULL}, NULL) == 0);
	CHECK(anew(prepare_descriptors, (char *[]){"x", "descriptors", NULL}, NULL) == 0);
	CHECK(anew(prepare_threads, (char *[]){"x", NULL}, NULL) == 0);
	return check_status();
}
