// flags: -pthread
// calls: prlimit64
/* Programs live on under limits that leave them nothing: each limit at 0 and at 3, and then what needs memory,
 * descriptors, signals, threads and processes. What the engine itself needs may not fail where the kernel
 * does not refuse it to a native program. */
#include "calls.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

static volatile sig_atomic_t n_handled;

static void count(int number)
{
	n_handled += number != 0;
}

static void *nothing(void *argument)
{
	return argument;
}

/* In one piece and without the C library's buffers, which a limit may keep from being made. */
static void say(const char *what, long result)
{
	char line[80];
	int length = snprintf(line, sizeof line, "  %s %ld errno %d\n", what, result, result < 0 ? errno : 0);
	if (write(1, line, length) != length)
		_exit(98);
}

static void ends(const char *what, pid_t child)
{
	int status = -1;
	say(what, child < 0 ? -1 : 0);
	if (child > 0 && waitpid(child, &status, 0) == child)
		say("ended with", status);
}

static void processes(void)
{
	pid_t child = fork();
	if (child == 0)
		_exit(7);
	ends("fork", child);
	child = vfork();
	if (child == 0)
		_exit(3);
	ends("vfork", child);
	child = fork();
	if (child == 0) {
		execl("/missing", "missing", NULL);
		_exit(errno);
	}
	ends("fork and exec", child);
}

static void signals(void)
{
	union sigval value = {.sival_int = 1};
	signal(SIGUSR1, count);
	signal(SIGSEGV, count);
	say("sigqueue", sigqueue(getpid(), SIGUSR1, value));
	say("raise", raise(SIGUSR1));
	say("raise of a fault", raise(SIGSEGV));
	say("handled", n_handled);
}

static void resources(void)
{
	pthread_t thread;
	int ends_of_pipe[2];
	errno = pthread_create(&thread, NULL, nothing, NULL);
	say("thread", errno ? -1 : pthread_join(thread, NULL));
	int fd = open("/dev/null", O_RDONLY);
	say("open", fd < 0 ? -1 : close(fd));
	say("pipe", pipe(ends_of_pipe));
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	say("mmap", page == MAP_FAILED ? -1 : 0);
	say("mlock", page == MAP_FAILED ? 0 : mlock(page, 4096));
}

static void under(int resource, rlim_t most)
{
	char line[40];
	int status = -1, length = snprintf(line, sizeof line, "limit %d to %d\n", resource, (int)most);
	CHECK(write(1, line, length) == length);
	pid_t child = fork();
	if (child == 0) {
		struct rlimit limit = {most, most};
		say("set", setrlimit(resource, &limit));
		processes();
		resources();
		signals();
		_exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child);
	say("ended with", status);
}

int main(void)
{
	for (int resource = 0; resource < 16; resource++) {
		/* The first ends the process at once; of the second, what has just ended counts for a moment. */
		if (resource == RLIMIT_CPU || resource == RLIMIT_NPROC)
			continue;
		under(resource, 0);
		under(resource, 3);
	}
	return check_status();
}
