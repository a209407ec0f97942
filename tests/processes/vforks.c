// flags: -pthread
/* vfork and clone(CLONE_VFORK): the parent goes on when the child has executed a program or ended,
 * also in a process of several threads, and signals wait as long. */
#include "../libc/check.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Shared with the children, however the memory of the rest is treated. */
static struct {
	atomic_int steps, ticks;
} *shared;

static char *own;
static volatile sig_atomic_t signals_seen;

static void count(int number)
{
	(void)number;
	signals_seen++;
}

static void nap(int milliseconds)
{
	struct timespec time = {0, milliseconds * 1000000L};
	nanosleep(&time, NULL);
}

static int end_of(pid_t child)
{
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void until_exit(void)
{
	atomic_store(&shared->steps, 0);
	pid_t child = vfork();
	if (child == 0) {
		nap(60);
		atomic_store(&shared->steps, 1);
		_exit(5);
	}
	CHECK(child > 0 && atomic_load(&shared->steps) == 1);
	CHECK(end_of(child) == 5);
}

static void until_exec(void)
{
	int ends[2];
	char byte;
	CHECK(pipe(ends) == 0);
	atomic_store(&shared->steps, 0);
	pid_t child = vfork();
	if (child == 0) {
		nap(60);
		atomic_store(&shared->steps, 1);
		dup2(ends[0], 0);
		close(ends[1]);
		execl(own, own, "wait", NULL);
		_exit(99);
	}
	/* The program that was executed still runs: it ends when the pipe does. */
	CHECK(child > 0 && atomic_load(&shared->steps) == 1);
	CHECK(waitpid(child, NULL, WNOHANG) == 0);
	close(ends[1]);
	close(ends[0]);
	CHECK(end_of(child) == 6);
	(void)byte;
	/* A native program, and one that is not there. */
	child = vfork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", "exit 7", NULL);
		_exit(99);
	}
	CHECK(end_of(child) == 7);
	child = vfork();
	if (child == 0) {
		execl("/no/such/program", "x", NULL);
		_exit(errno == ENOENT ? 8 : 9);
	}
	CHECK(end_of(child) == 8);
}

static void until_killed(void)
{
	atomic_store(&shared->steps, 0);
	pid_t child = vfork();
	if (child == 0) {
		nap(30);
		atomic_store(&shared->steps, 1);
		raise(SIGKILL);
	}
	CHECK(child > 0 && atomic_load(&shared->steps) == 1);
	CHECK(end_of(child) == 1000 + SIGKILL);
}

/* A signal for the parent waits until the child lets it go on. */
static void signals(void)
{
	signal(SIGUSR1, count);
	signals_seen = 0;
	pid_t child = vfork();
	if (child == 0) {
		kill(getppid(), SIGUSR1);
		nap(30);
		_exit(signals_seen);
	}
	CHECK(child > 0 && signals_seen == 1);
	CHECK(end_of(child) == 0);
	signal(SIGUSR1, SIG_DFL);
}

static int cloned(void *argument)
{
	nap(60);
	atomic_store(&shared->steps, *(int *)argument);
	return 11;
}

static void clones(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	static const int flags[] = {CLONE_VFORK | SIGCHLD, CLONE_VM | CLONE_VFORK | SIGCHLD};
	for (int i = 0; i < 2; i++) {
		int mark = 20 + i;
		atomic_store(&shared->steps, 0);
		pid_t child = clone(cloned, stack + sizeof stack, flags[i], &mark);
		CHECK(child > 0 && atomic_load(&shared->steps) == mark);
		CHECK(end_of(child) == 11);
	}
	atomic_store(&shared->steps, 0);
	pid_t child = (pid_t)syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
	if (child == 0) {
		nap(30);
		atomic_store(&shared->steps, 1);
		_exit(12);
	}
	CHECK(child > 0 && atomic_load(&shared->steps) == 1 && end_of(child) == 12);
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	} args = {.flags = CLONE_VFORK, .exit_signal = SIGCHLD};
	atomic_store(&shared->steps, 0);
	child = (pid_t)syscall(SYS_clone3, &args, sizeof args);
	if (child == 0) {
		nap(30);
		atomic_store(&shared->steps, 1);
		_exit(13);
	}
	CHECK(child > 0 && atomic_load(&shared->steps) == 1 && end_of(child) == 13);
}

static atomic_int stop_ticking;

static void *tick(void *unused)
{
	while (!atomic_load(&stop_ticking)) {
		atomic_fetch_add(&shared->ticks, 1);
		nap(1);
	}
	return unused;
}

static void *fork_often(void *unused)
{
	for (int i = 0; i < 10; i++) {
		atomic_int *mark = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		pid_t child = vfork();
		if (child == 0) {
			nap(2);
			atomic_store(mark, 1);
			if (i & 1)
				execl("/bin/sh", "sh", "-c", "exit 3", NULL);
			_exit(3);
		}
		CHECK(child > 0 && atomic_load(mark) == 1 && end_of(child) == 3);
		munmap(mark, 4096);
	}
	return unused;
}

static int open_descriptors(void)
{
	int n = 0;
	for (int fd = 0; fd < 2000; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* The thread that forks waits, the others go on. */
static void threads(void)
{
	pthread_t ticker, forkers[4];
	CHECK(pthread_create(&ticker, NULL, tick, NULL) == 0);
	int before = open_descriptors();
	until_exit();
	until_exec();
	until_killed();
	signals();
	int ticks = atomic_load(&shared->ticks);
	pid_t child = vfork();
	if (child == 0) {
		/* Only threads of the parent tick. */
		while (atomic_load(&shared->ticks) < ticks + 5)
			nap(1);
		_exit(14);
	}
	CHECK(end_of(child) == 14);
	/* A child's own child does not keep the grandparent waiting. */
	int ends[2];
	CHECK(pipe(ends) == 0);
	child = vfork();
	if (child == 0) {
		pid_t grandchild = fork();
		if (grandchild == 0) {
			char byte;
			close(ends[1]);
			_exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
		}
		_exit(grandchild > 0 ? 15 : 16);
	}
	CHECK(end_of(child) == 15);
	close(ends[0]);
	close(ends[1]);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&forkers[i], NULL, fork_often, NULL) == 0);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_join(forkers[i], NULL) == 0);
	CHECK(open_descriptors() == before);
	atomic_store(&stop_ticking, 1);
	CHECK(pthread_join(ticker, NULL) == 0);
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		char byte;
		return read(0, &byte, 1) == 0 ? 6 : 97;
	}
	own = argv[0];
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!CHECK(shared != MAP_FAILED))
		return check_status();
	until_exit();
	until_exec();
	until_killed();
	signals();
	clones();
	threads();
	return check_status();
}
