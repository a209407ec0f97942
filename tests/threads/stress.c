// skip-cross: qemu 7.2 aborts in a child of a process with threads
// timeout: 150
/* Threads that fork, send signals to each other, map memory and start threads, all at once, for 10
   seconds, or as many as WALI_STRESS_SECONDS says. The children go on as Linux says: they fork, exec,
   map and start threads too. Nothing may be left behind: no descriptor, no memory. */
#include "../libc/check.h"
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS = 10, N_WORKERS = 6, MORE_KB = 32768 };

static pthread_t workers[N_WORKERS];
static atomic_int stop, n_ready;
static atomic_long handled, forks;

static void on_signal(int number)
{
	(void)number;
	atomic_fetch_add(&handled, 1);
}

static long resident_kb(void)
{
	long all, resident = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	CHECK(file && fscanf(file, "%ld %ld", &all, &resident) == 2);
	fclose(file);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static int count_entries(const char *folder)
{
	int n = 0;
	DIR *entries = opendir(folder);
	CHECK(entries != NULL);
	while (readdir(entries))
		n++;
	closedir(entries);
	return n;
}

static void *nothing(void *arg)
{
	return arg;
}

static void use_memory(void)
{
	static _Thread_local unsigned state;
	state = state * 1103515245 + 12345;
	size_t size = 4096 * (1 + (size_t)(state >> 16) % 16);
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!CHECK(memory != MAP_FAILED))
		return;
	memset(memory, 1, size);
	munmap(memory, size);
	free(memset(malloc(100), 2, 100));
}

static void use_thread(void)
{
	pthread_t thread;
	void *result = NULL;
	if (CHECK(pthread_create(&thread, NULL, nothing, &stop) == 0))
		CHECK(pthread_join(thread, &result) == 0 && result == &stop);
}

static void *spin(void *arg)
{
	for (volatile unsigned n = 0;; n++)
		;
	return arg;
}

static _Noreturn void be_child(unsigned kind)
{
	int status = -1;
	use_memory();
	use_thread();
	raise(SIGUSR1);
	pid_t child = fork();
	if (child == 0)
		_exit(5);
	if (waitpid(child, &status, 0) != child || status != 5 << 8)
		_exit(1);
	if (kind % 4 == 1) {
		/* Ends with a thread in a loop that makes no call. */
		pthread_t thread;
		if (pthread_create(&thread, NULL, spin, NULL) != 0)
			_exit(4);
	}
	if (kind % 4 == 2)
		execl("/bin/sh", "sh", "-c", "exit 3", (char *)NULL);
	_exit(check_failures ? 2 : 3);
}

static void use_fork(unsigned kind)
{
	int status = -1;
	pid_t waited, child = fork();
	if (child == 0)
		be_child(kind);
	while ((waited = waitpid(child, &status, 0)) < 0 && errno == EINTR)
		;
	CHECK(waited == child && WIFEXITED(status) && WEXITSTATUS(status) == 3);
	atomic_fetch_add(&forks, 1);
}

static void *work(void *arg)
{
	long number = (long)arg;
	atomic_fetch_add(&n_ready, 1);
	/* The last is counted when every one has its place in `workers`. */
	while (atomic_load(&n_ready) < N_WORKERS + 1)
		sched_yield();
	for (unsigned round = 0; !atomic_load(&stop); round++) {
		pthread_kill(workers[(number + round) % N_WORKERS], SIGUSR1);
		switch ((round + (unsigned)number) % 4) {
		case 0:
			use_memory();
			break;
		case 1:
			use_thread();
			break;
		case 2:
			if (number < 2)
				use_fork(round / 4);
			break;
		default:
			for (volatile int i = 0; i < 10000; i++)
				;
		}
	}
	/* Nobody is sent a signal after its end. */
	atomic_fetch_sub(&n_ready, 1);
	while (atomic_load(&n_ready) > 1)
		sched_yield();
	return NULL;
}

int main(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	const char *wanted = getenv("WALI_STRESS_SECONDS");
	unsigned seconds = wanted ? (unsigned)atoi(wanted) : SECONDS;
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	/* A hang ends by this signal. */
	alarm(seconds * 2 + 60);
	for (int i = 0; i < 100; i++)
		use_thread();
	int files = count_entries("/proc/self/fd");
	long memory = resident_kb();
	for (long i = 0; i < N_WORKERS; i++)
		if (!CHECK(pthread_create(&workers[i], NULL, work, (void *)i) == 0))
			return check_status();
	atomic_fetch_add(&n_ready, 1);
	struct timespec left = {seconds, 0};
	while (nanosleep(&left, &left) != 0)
		;
	atomic_store(&stop, 1);
	for (int i = 0; i < N_WORKERS; i++)
		CHECK(pthread_join(workers[i], NULL) == 0);
	CHECK(count_entries("/proc/self/fd") == files);
	CHECK(resident_kb() < memory + MORE_KB);
	CHECK(atomic_load(&handled) > 0 && atomic_load(&forks) > 0);
	return check_status();
}
