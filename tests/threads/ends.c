// skip-cross: qemu 7.2 has no execveat and aborts in a child of a process with threads
// flags: -pthread
/* How a process with threads that make no call ends, changes its program, its user and its processors,
 * and how such a thread is cancelled. */
#include "../libc/check.h"
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { N_LOOPING = 3 };

static atomic_int looping;
static volatile int forever = 1;

static void *loops(void *arg)
{
	atomic_fetch_add(&looping, 1);
	/* Nothing here is a call. */
	while (forever)
		;
	return arg;
}

static void start_loops(int n)
{
	pthread_t thread;
	for (int i = 0; i < n; i++)
		CHECK(pthread_create(&thread, NULL, loops, NULL) == 0);
	while (atomic_load(&looping) < n)
		sched_yield();
}

static void by_exit(void) { exit(3); }
static void by_exit_group(void) { _exit(4); }
static void by_raise(void) { raise(SIGTERM); }
static void by_kill(void) { kill(getpid(), SIGKILL); pause(); }
static void by_fault(void) { *(volatile int *)(uintptr_t)64 = 1; }
static void by_abort(void) { abort(); }
static void by_exec(void) { execl("/bin/sh", "sh", "-c", "exit 5", (char *)0); }

static void *ends_it(void *end)
{
	((void (*)(void))end)();
	return NULL;
}

static void ends(const char *name, void (*end)(void))
{
	for (int in_thread = 0; in_thread < 2; in_thread++) {
		int status;
		fflush(stdout);
		pid_t child = fork();
		if (child == 0) {
			/* What the engine reports of a fault is its own. */
			close(2);
			start_loops(N_LOOPING);
			if (in_thread) {
				pthread_t thread;
				pthread_create(&thread, NULL, ends_it, (void *)end);
				pthread_join(thread, NULL);
			} else {
				end();
			}
			_exit(77);
		}
		CHECK(waitpid(child, &status, 0) == child);
		printf("%s, %s: %s %d\n", name, in_thread ? "another thread" : "the first",
		       WIFEXITED(status) ? "status" : "signal",
		       WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	}
}

static atomic_int cleaned;

static void clean(void *arg)
{
	atomic_fetch_add(&cleaned, *(int *)arg);
}

static void *loops_cancellable(void *arg)
{
	int type;
	pthread_cleanup_push(clean, arg);
	CHECK(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type) == 0);
	CHECK(type == PTHREAD_CANCEL_DEFERRED);
	atomic_fetch_add(&looping, 1);
	while (forever)
		;
	pthread_cleanup_pop(0);
	return NULL;
}

static void cancels(void)
{
	for (int i = 0; i < 20; i++) {
		pthread_t thread;
		void *result = NULL;
		int one = 1;
		atomic_store(&looping, 0);
		CHECK(pthread_create(&thread, NULL, loops_cancellable, &one) == 0);
		while (!atomic_load(&looping))
			sched_yield();
		CHECK(pthread_cancel(thread) == 0);
		CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
	}
	printf("cancelled: %d\n", cleaned);
}

static void *is_on(void *arg)
{
	cpu_set_t set;
	CHECK(pthread_getaffinity_np(pthread_self(), sizeof set, &set) == 0);
	CHECK(CPU_EQUAL(&set, (cpu_set_t *)arg));
	CHECK(CPU_ISSET(sched_getcpu(), &set));
	return NULL;
}

static void processors(void)
{
	cpu_set_t all, one, found;
	pthread_t thread;
	int first = 0;
	CHECK(sched_getaffinity(0, sizeof all, &all) == 0 && CPU_COUNT(&all) > 0);
	while (!CPU_ISSET(first, &all))
		first++;
	CPU_ZERO(&one);
	CPU_SET(first, &one);
	CHECK(pthread_setaffinity_np(pthread_self(), sizeof one, &one) == 0);
	CHECK(sched_getaffinity(0, sizeof found, &found) == 0 && CPU_EQUAL(&found, &one));
	/* A new thread has its creator's. */
	pthread_create(&thread, NULL, is_on, &one);
	pthread_join(thread, NULL);
	CHECK(sched_setaffinity(0, sizeof all, &all) == 0);
	CPU_ZERO(&one);
	CHECK_ERRNO(sched_setaffinity(0, sizeof one, &one), EINVAL);
	CHECK(pthread_setaffinity_np(pthread_self(), sizeof one, &one) == EINVAL);
	puts("processors");
}

static pthread_barrier_t changed;

static void *sees_user(void *arg)
{
	pthread_barrier_wait(&changed);
	uid_t real, effective, saved;
	gid_t groups[3];
	CHECK(syscall(SYS_getresuid, &real, &effective, &saved) == 0);
	CHECK(real == 1001 && effective == 1002 && saved == 1003);
	CHECK(getegid() == 2002 && getgid() == 2001);
	CHECK(getgroups(3, groups) == 1 && groups[0] == 2005);
	return arg;
}

static void *changes_user(void *arg)
{
	gid_t group = 2005;
	CHECK(setgroups(1, &group) == 0);
	CHECK(setresgid(2001, 2002, 2003) == 0);
	CHECK(setresuid(1001, 1002, 1003) == 0);
	CHECK_ERRNO(setuid(0), EPERM);
	pthread_barrier_wait(&changed);
	return arg;
}

/* A change of the user is one of all threads. */
static void users(void)
{
	int status;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		pthread_t threads[4];
		if (geteuid() != 0)
			_exit(0);
		pthread_barrier_init(&changed, NULL, 4);
		for (int i = 0; i < 3; i++)
			pthread_create(&threads[i], NULL, sees_user, NULL);
		pthread_create(&threads[3], NULL, changes_user, NULL);
		for (int i = 0; i < 4; i++)
			pthread_join(threads[i], NULL);
		uid_t real, effective, saved;
		CHECK(getresuid(&real, &effective, &saved) == 0 && effective == 1002);
		fflush(stdout);
		_exit(check_failures);
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	puts("users");
}

static void *sees_nothing(void *arg)
{
	return arg;
}

/* A copy of the process whose end another signal tells, right after a thread was joined. */
static void copies_with_other_signals(void)
{
	int made = 0;
	signal(SIGUSR2, SIG_IGN);
	for (int i = 0; i < 100; i++) {
		pthread_t thread;
		int status;
		CHECK(pthread_create(&thread, NULL, sees_nothing, NULL) == 0);
		CHECK(pthread_join(thread, NULL) == 0);
		fflush(stdout);
		pid_t child = (pid_t)syscall(SYS_clone, SIGUSR2, NULL, NULL, NULL, NULL);
		if (child == 0)
			syscall(SYS_exit_group, 6);
		made += CHECK(child > 0) && CHECK(waitpid(child, &status, __WCLONE) == child) && status == 6 << 8;
	}
	printf("copies: %d\n", made);
}

int main(void)
{
	ends("exit", by_exit);
	ends("exit_group", by_exit_group);
	ends("raise", by_raise);
	ends("kill", by_kill);
	ends("fault", by_fault);
	ends("abort", by_abort);
	ends("exec", by_exec);
	cancels();
	processors();
	users();
	copies_with_other_signals();
	return check_status();
}
