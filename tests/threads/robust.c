// skip-cross: qemu 7.2 has no set_robust_list
// flags: -pthread
/* Robust locks: what their next owner is told after the end of the one before, in the same process
 * and in others, and whether a sleeping waiter is woken by it. */
#include "../libc/check.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct shared {
	pthread_mutex_t locks[3];
	atomic_int held, waiting;
};

static struct shared *shared;

static void init(pthread_mutex_t *lock, int kind, int protocol, int pshared)
{
	pthread_mutexattr_t attr;
	pthread_mutexattr_init(&attr);
	CHECK(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST) == 0);
	pthread_mutexattr_settype(&attr, kind);
	CHECK(pthread_mutexattr_setprotocol(&attr, protocol) == 0);
	pthread_mutexattr_setpshared(&attr, pshared);
	CHECK(pthread_mutex_init(lock, &attr) == 0);
	pthread_mutexattr_destroy(&attr);
}

static void renew(int protocol)
{
	memset(shared, 0, sizeof *shared);
	for (int i = 0; i < 3; i++)
		init(&shared->locks[i], i == 1 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL, protocol,
		     PTHREAD_PROCESS_SHARED);
}

static const char *name(int error)
{
	return error == EOWNERDEAD ? "EOWNERDEAD" : error == ENOTRECOVERABLE ? "ENOTRECOVERABLE"
	     : error == EBUSY ? "EBUSY" : error ? "another error" : "0";
}

static void by_exit(void) { exit(3); }
static void by_exit_group(void) { _exit(4); }
static void by_kill(void) { kill(getpid(), SIGKILL); pause(); }
static void by_term(void) { raise(SIGTERM); }
static void by_fault(void) { *(volatile int *)(uintptr_t)64 = 1; }
static void by_abort(void) { abort(); }
static void by_exec(void) { execl("/bin/true", "true", (char *)0); }

static void *other_thread(void *arg)
{
	(void)arg;
	raise(SIGKILL);
	return 0;
}

static void by_other_thread(void)
{
	pthread_t thread;
	pthread_create(&thread, 0, other_thread, 0);
	for (;;)
		pause();
}

static const struct {
	const char *name;
	void (*end)(void);
} ENDS[] = {
	{ "exit", by_exit },
	{ "exit_group", by_exit_group },
	{ "SIGKILL", by_kill },
	{ "SIGTERM", by_term },
	{ "a fault", by_fault },
	{ "abort", by_abort },
	{ "exec", by_exec },
	{ "a signal to another thread", by_other_thread },
};

static void *waits(void *arg)
{
	pthread_mutex_t *lock = arg;
	atomic_fetch_add(&shared->waiting, 1);
	int error = pthread_mutex_lock(lock);
	if (error == EOWNERDEAD)
		pthread_mutex_consistent(lock);
	if (!error || error == EOWNERDEAD)
		pthread_mutex_unlock(lock);
	return (void *)(intptr_t)error;
}

/* A child holds three locks and ends; another process finds them. */
static void processes(const char *what, void (*end)(void), int protocol)
{
	renew(protocol);
	int gate[2];
	pipe(gate);
	pid_t child = fork();
	if (!child) {
		char byte;
		close(gate[1]);
		dup2(open("/dev/null", O_WRONLY), 2);
		/* One that is given back again, in between. */
		pthread_mutex_lock(&shared->locks[1]);
		pthread_mutex_lock(&shared->locks[0]);
		pthread_mutex_unlock(&shared->locks[1]);
		pthread_mutex_lock(&shared->locks[1]);
		pthread_mutex_lock(&shared->locks[2]);
		pthread_mutex_unlock(&shared->locks[2]);
		atomic_store(&shared->held, 1);
		read(gate[0], &byte, 1);
		end();
		_exit(99);
	}
	close(gate[0]);
	while (!atomic_load(&shared->held))
		usleep(500);
	pthread_t waiter;
	pthread_create(&waiter, 0, waits, &shared->locks[0]);
	while (!atomic_load(&shared->waiting))
		usleep(500);
	usleep(2000);
	close(gate[1]);
	int status;
	void *woken;
	waitpid(child, &status, 0);
	pthread_join(waiter, &woken);
	int second = pthread_mutex_trylock(&shared->locks[1]);
	int third = pthread_mutex_trylock(&shared->locks[2]);
	printf("%s%s: %s %d, waiter %s, held %s, free %s\n", what, protocol ? ", inheriting" : "",
	       WIFSIGNALED(status) ? "signal" : "status",
	       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), name((intptr_t)woken),
	       name(second), name(third));
	/* Not made consistent: nobody gets it any more. */
	pthread_mutex_unlock(&shared->locks[1]);
	CHECK(!strcmp(name(pthread_mutex_lock(&shared->locks[1])), second ? "ENOTRECOVERABLE" : "0"));
}

static pthread_mutex_t own;

static void *locks_and_ends(void *arg)
{
	pthread_mutex_lock(&own);
	if (arg)
		pthread_exit(0);
	return 0;
}

static void in_process(void)
{
	for (int by_pthread_exit = 0; by_pthread_exit < 2; by_pthread_exit++) {
		pthread_t holder;
		init(&own, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE, PTHREAD_PROCESS_PRIVATE);
		pthread_create(&holder, 0, locks_and_ends, (void *)(intptr_t)by_pthread_exit);
		pthread_join(holder, 0);
		printf("thread: %s, ", name(pthread_mutex_lock(&own)));
		printf("consistent %s, ", name(pthread_mutex_consistent(&own)));
		printf("unlock %s, ", name(pthread_mutex_unlock(&own)));
		printf("lock %s\n", name(pthread_mutex_lock(&own)));
		pthread_mutex_unlock(&own);
		pthread_mutex_destroy(&own);
	}
}

int main(void)
{
	struct rlimit none = { 0, 0 };
	setrlimit(RLIMIT_CORE, &none);
	shared = mmap(0, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
		processes(ENDS[i].name, ENDS[i].end, PTHREAD_PRIO_NONE);
		fflush(stdout);
	}
	in_process();
	return check_status();
}
