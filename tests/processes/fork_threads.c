// flags: -pthread
/* A fork in any thread: the child goes on with that thread alone, finds nothing locked, and can do
 * all that a process can: fork, execute, map, start threads, handle signals. */
#include "../libc/check.h"
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static char *own;
static atomic_int done;
static pthread_key_t key;
static _Thread_local int local = 5;
static volatile sig_atomic_t handled;

static void handler(int number)
{
	handled = number;
}

static int end_of(pid_t child)
{
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* Keeps the engine's and the library's locks busy. */
static void *busy(void *argument)
{
	unsigned n = 0;
	while (!atomic_load(&done)) {
		void *memory = malloc(100 + n % 5000);
		void *mapping = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		char text[64];
		snprintf(text, sizeof text, "%u", n++);
		setenv("BUSY", text, 1);
		sigset_t set;
		sigemptyset(&set);
		pthread_sigmask(SIG_BLOCK, &set, NULL);
		struct sigaction action;
		sigaction(SIGUSR2, NULL, &action);
		munmap(mapping, 8192);
		free(memory);
		if (n % 64 == 0) {
			pthread_t other;
			if (pthread_create(&other, NULL, (void *(*)(void *))abs, NULL) == 0)
				pthread_join(other, NULL);
		}
	}
	return argument;
}

static void *return_argument(void *argument)
{
	local++;
	pthread_setspecific(key, argument);
	return (void *)((uintptr_t)argument + (uintptr_t)local);
}

static int threads_in_child(void)
{
	pthread_t ids[8];
	void *result;
	for (int i = 0; i < 8; i++)
		if (pthread_create(&ids[i], NULL, return_argument, (void *)(uintptr_t)(i * 10)) != 0)
			return 0;
	for (int i = 0; i < 8; i++)
		if (pthread_join(ids[i], &result) != 0 || (uintptr_t)result != (uintptr_t)(i * 10 + 6))
			return 0;
	return 1;
}

static int signals_in_child(void)
{
	sigset_t set, old;
	int number;
	handled = 0;
	signal(SIGUSR1, handler);
	raise(SIGUSR1);
	if (handled != SIGUSR1)
		return 0;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	kill(getpid(), SIGUSR2);
	if (sigwait(&set, &number) != 0 || number != SIGUSR2)
		return 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	handled = 0;
	pthread_kill(pthread_self(), SIGUSR1);
	return handled == SIGUSR1;
}

static int processes_in_child(void)
{
	pid_t child = fork();
	if (child == 0)
		_exit(getppid() > 0 && local == 5 ? 31 : 32);
	int status;
	if (waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 31)
		return 0;
	char *argv[] = {own, "33", NULL};
	if (posix_spawn(&child, own, NULL, NULL, argv, environ) != 0 || waitpid(child, &status, 0) != child)
		return 0;
	if (WEXITSTATUS(status) != 33 || WEXITSTATUS(system("exit 34")) != 34)
		return 0;
	FILE *pipe = popen("echo 35", "r");
	int n = 0;
	return pipe && fscanf(pipe, "%d", &n) == 1 && n == 35 && pclose(pipe) == 0;
}

static int memory_in_child(void)
{
	char *mapping = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mapping == MAP_FAILED)
		return 0;
	memset(mapping, 7, 1 << 20);
	for (int i = 0; i < 100; i++)
		free(malloc((size_t)i * 1000));
	return mapping[(1 << 20) - 1] == 7 && munmap(mapping, 1 << 20) == 0;
}

static int child_side(pid_t parent, pthread_t self)
{
	if (getppid() != parent || !pthread_equal(self, pthread_self()))
		return 1;
	/* The one thread is the new process's first. */
	if (syscall(SYS_gettid) != getpid() || local != 5)
		return 2;
	if (!memory_in_child())
		return 3;
	if (!signals_in_child())
		return 4;
	if (!threads_in_child())
		return 5;
	if (!processes_in_child())
		return 6;
	return 0;
}

static void *fork_in_thread(void *argument)
{
	pid_t parent = getpid(), child = fork();
	if (child == 0)
		_exit(child_side(parent, pthread_self()));
	int end = end_of(child);
	if (!CHECK(end == 0))
		printf("  step %d\n", end);
	return argument;
}

/* The thread that forked may end as a thread does: then the process ends. */
static void *leave(void *argument)
{
	pid_t child = fork();
	if (child == 0)
		pthread_exit(NULL);
	CHECK(end_of(child) == 0);
	child = fork();
	if (child == 0)
		exit(41);
	CHECK(end_of(child) == 41);
	child = fork();
	if (child == 0) {
		execl(own, own, "42", NULL);
		_exit(1);
	}
	CHECK(end_of(child) == 42);
	child = fork();
	if (child == 0)
		return argument;
	CHECK(end_of(child) == 0);
	return argument;
}

static int prepared, in_parent, in_child;

static void prepare(void)
{
	prepared++;
}

static void parent_side(void)
{
	in_parent++;
}

static void new_child_side(void)
{
	in_child++;
}

static void at_forks(void)
{
	CHECK(pthread_atfork(prepare, parent_side, new_child_side) == 0);
	pid_t child = fork();
	if (child == 0)
		_exit(prepared == 1 && in_parent == 0 && in_child == 1 ? 51 : 52);
	CHECK(end_of(child) == 51 && prepared == 1 && in_parent == 1 && in_child == 0);
	child = _Fork();
	if (child == 0)
		_exit(prepared == 1 && in_child == 0 ? 53 : 54);
	CHECK(end_of(child) == 53);
}

/* Locks that other threads hold stay held in the child: that is the program's affair. Those of the
 * forking thread can be released there. */
static void locks(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	sem_t *semaphore = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(sem_init(semaphore, 1, 0) == 0);
	pthread_mutex_lock(&mutex);
	pid_t child = fork();
	if (child == 0) {
		pthread_mutex_unlock(&mutex);
		int again = pthread_mutex_lock(&mutex);
		sem_post(semaphore);
		_exit(again == 0 ? 61 : 62);
	}
	sem_wait(semaphore);
	CHECK(pthread_mutex_trylock(&mutex) == EBUSY && end_of(child) == 61);
	pthread_mutex_unlock(&mutex);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return atoi(argv[1]);
	own = argv[0];
	alarm(55);
	pthread_key_create(&key, NULL);
	pthread_t noise[2], forkers[3];
	at_forks();
	locks();
	for (int i = 0; i < 2; i++)
		CHECK(pthread_create(&noise[i], NULL, busy, NULL) == 0);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 3; i++)
			CHECK(pthread_create(&forkers[i], NULL, i == 2 ? leave : fork_in_thread, NULL) == 0);
		for (int i = 0; i < 3; i++)
			CHECK(pthread_join(forkers[i], NULL) == 0);
	}
	atomic_store(&done, 1);
	for (int i = 0; i < 2; i++)
		CHECK(pthread_join(noise[i], NULL) == 0);
	return check_status();
}
