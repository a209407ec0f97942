/* Sequences of random calls, each in a process of its own, in namespaces of their own:
 * SEED FIRST COUNT [show] [STEP…], where STEPs are left out. Says of each sequence how it ended. */
#include "objects.h"

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "maps.h"

#define STEPS 24
/* How long a sequence may wait in calls; how long it may take until its threads are looked at; and how long on
 * a machine that has much else to do, in microseconds. */
#define WAITING 100000
#define PATIENCE 6000000
#define LAST_PATIENCE 30000000

/* Requests of ioctl, from the spec. */
extern const unsigned requests_of_ioctl[];
extern const int n_requests_of_ioctl;

static unsigned long long seed;
static int shows, n_left_out, left_out[STEPS];

struct random {
	unsigned long long state;
};

static unsigned long long next(struct random *random)
{
	unsigned long long z = random->state += 0x9e3779b97f4a7c15ULL;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static unsigned below(struct random *random, unsigned n)
{
	return next(random) % n;
}

static long long number(struct random *random)
{
	static const long long interesting[] = {
		0, 1, 2, 3, 4, 7, 8, 16, 24, 64, 100, 128, 255, 256, 4095, 4096, 4097, 65535, 65536, 0x7fffffff,
		0x80000000LL, 0xffffffffLL, 0x100000000LL, -1, -2, -100, -4096, 1LL << 62, (long long)(1ULL << 63),
	};
	switch (below(random, 4)) {
	case 0:
		return 1LL << below(random, 64);
	case 1:
		return below(random, 64);
	case 2:
		return next(random);
	default:
		return interesting[below(random, sizeof interesting / sizeof *interesting)];
	}
}

/* Words of all kinds, some of them addresses of buffers, as structures have them. */
static void fill(struct random *random, int i)
{
	unsigned *words = buffer(i);
	for (unsigned k = 0; k < 64 + below(random, 64); k++) {
		switch (below(random, 5)) {
		case 0:
			words[k] = number(random);
			break;
		case 1:
			words[k] = (uintptr_t)buffer(below(random, 6)) + below(random, 256);
			break;
		case 2:
			words[k] = below(random, 32);
			break;
		default:
			words[k] = 0;
		}
	}
}

static long long path(struct random *random, int i)
{
	static const char *const paths[] = {
		"file", "dir", "new", "dir/new", ".", "..", "/", "null", "zero", "", "link", "/proc/self/mem",
		"/proc/thread-self/mem", "/proc/self/maps", "/proc/self/fd/3", "/proc/self/task", 
		"/proc/self/fd", "/proc/self/root/file", "user.name", "tmpfs", "proc", "lo", "queue",
	};
	if (below(random, 16) == 0) {
		memset(buffer(i), 'p', BUFFER_BYTES);
		return at(i);
	}
	return text(i, paths[below(random, sizeof paths / sizeof *paths)]);
}

static long long anywhere(struct random *random, const struct arg *arg, int i)
{
	enum address kind = below(random, N_ADDRESSES);
	if (kind == READ_ONLY || below(random, 2))
		kind = PLAUSIBLE;
	if (below(random, 64) == 0)
		return number(random);
	return address(kind, i, arg, at(i));
}

static long long argument(struct random *random, const struct call *call, int i)
{
	const struct arg *arg = &call->args[i];
	switch (arg->kind) {
	case DESCRIPTOR:
		return below(random, 8) ? 3 + (int)below(random, 24) : below(random, 2) ? AT_FDCWD : -1;
	case TEXT:
		return below(random, 4) ? path(random, i) : anywhere(random, arg, i);
	case DATA:
	case ADDRESS:
		fill(random, i);
		return anywhere(random, arg, i);
	case LENGTH:
		return below(random, 3) ? below(random, 257) : number(random);
	default:
		if (strstr(arg->name, "pid") || strstr(arg->name, "tid"))
			return below(random, 2) ? 0 : below(random, 2) ? getpid() : -1;
		if (strcmp(arg->name, "request") == 0 && below(random, 4))
			return requests_of_ioctl[below(random, n_requests_of_ioctl)];
		/* Commands behind which addresses are. */
		if (strncmp(arg->name, "arg", 3) == 0 && below(random, 2)) {
			fill(random, i);
			return at(i);
		}
		return number(random);
	}
}

static long number_of(const struct call *call)
{
#if defined __aarch64__
	return call->numbers[1];
#elif defined __riscv
	return call->numbers[2];
#else
	return call->numbers[0];
#endif
}

/* Writes what is about to be called, in one piece. */
static void show(int step, const struct call *call, const long long *a)
{
	char line[400];
	int n = snprintf(line, sizeof line, "  %2d %s(", step, call->name);
	for (int i = 0; i < call->n_args; i++)
		n += snprintf(line + n, sizeof line - n, "%s%s=%#llx", i ? ", " : "", call->args[i].name, a[i]);
	n += snprintf(line + n, sizeof line - n, ")\n");
	if (write(2, line, n) < 0)
		_exit(3);
}

static int is_left_out(int step)
{
	for (int i = 0; i < n_left_out; i++)
		if (left_out[i] == step)
			return 1;
	return 0;
}

static void steps(struct random *random, int first)
{
	for (int step = first; step < first + STEPS / 2; step++) {
		/* Of its own, so that leaving one step out changes no other. */
		struct random own = {next(random)};
		const struct call *call = &calls[below(&own, n_calls)];
		long long a[6] = {0};
		if (is_left_out(step))
			continue;
		if (below(&own, 2)) {
			call->bases[below(&own, call->n_bases)].fill(a);
			for (int i = 0; i < call->n_args; i++)
				if (below(&own, 4) == 0)
					a[i] = argument(&own, call, i);
		} else {
			for (int i = 0; i < call->n_args; i++)
				a[i] = argument(&own, call, i);
		}
		if (shows)
			show(step, call, a);
		syscall(number_of(call), (long)a[0], (long)a[1], (long)a[2], (long)a[3], (long)a[4], (long)a[5]);
	}
}

static void *other_thread(void *random)
{
	steps(random, STEPS / 2);
	return NULL;
}

static void sequence(unsigned long long n)
{
	struct random random = {seed * 0x2545f4914f6cdd1dULL + n}, other = {~random.state};
	const struct rlimit memory = {1 << 30, 1 << 30};
	const struct itimerval waiting = {.it_value = {0, WAITING}};
	struct maps before, after;
	pthread_t thread;
	int has_thread = n % 4 == 3;
	syscall(SYS_unshare, 0x00020000L);
	setrlimit(RLIMIT_AS, &memory);
	make_files();
	int (*const all[])(void) = {
		file, folder, sock, datagram, pipe_in, pipe_out, an_epoll, an_eventfd, a_timerfd, an_inotify,
		a_memory_file, network, null, zero, a_queue,
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		all[i]();
	int maps = open_maps();
	read_maps(maps, 0, &before);
	setitimer(ITIMER_REAL, &waiting, NULL);
	if (has_thread && pthread_create(&thread, NULL, other_thread, &other))
		has_thread = 0;
	steps(&random, 0);
	if (has_thread)
		pthread_join(thread, NULL);
	else
		steps(&other, STEPS / 2);
	read_maps(maps, before.reserved, &after);
	_exit(compare_maps(&before, &after) ? 0 : 4);
}

static void tell(unsigned long long n, const char *what, int how)
{
	char line[80];
	int length = snprintf(line, sizeof line, "sequence %llu: %s %d\n", n, what, how);
	if (write(2, line, length) < 0)
		_exit(3);
}

/* The number of the call that a thread waits in, or -1. */
static long call_of(pid_t pid, pid_t tid)
{
	char path[60], text[100];
	snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", pid, tid);
	int fd = open(path, O_RDONLY);
	ssize_t length = read(fd, text, sizeof text - 1);
	close(fd);
	text[length > 0 ? length : 0] = 0;
	return text[0] >= '0' && text[0] <= '9' ? strtol(text, NULL, 10) : -1;
}

/* Says which call a thread waits in, how it waits, and which signals it keeps out. */
static void describe(pid_t pid, pid_t tid, long number)
{
	static const char *const told[] = {"State", "SigPnd", "ShdPnd", "SigBlk"};
	char path[60], text[4096], line[400];
	snprintf(path, sizeof path, "/proc/%d/task/%d/status", pid, tid);
	int fd = open(path, O_RDONLY), n = snprintf(line, sizeof line, "  a thread waits in call %ld;", number);
	ssize_t length = read(fd, text, sizeof text - 1);
	close(fd);
	text[length > 0 ? length : 0] = 0;
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		char *found = strstr(text, told[i]);
		if (found && n < 300)
			n += snprintf(line + n, sizeof line - n, " %.*s", (int)strcspn(found, "\n"), found);
	}
	line[n] = '\n';
	if (write(2, line, n + 1) < 0)
		_exit(3);
}

/* Whether a thread waits in a call that may have been told to keep all signals out. */
static int waits_under_mask(pid_t pid, int tells)
{
	static const char *const masking[] = {"ppoll", "pselect6", "epoll_pwait", "epoll_pwait2", "io_pgetevents", "rt_sigsuspend"};
	char path[40];
	int waits = 0;
	snprintf(path, sizeof path, "/proc/%d/task", pid);
	DIR *threads = opendir(path);
	for (struct dirent *entry; threads && (entry = readdir(threads));) {
		pid_t tid = atoi(entry->d_name);
		long number = tid ? call_of(pid, tid) : -1;
		if (tid && tells)
			describe(pid, tid, number);
		for (int i = 0; i < n_calls && number >= 0; i++)
			for (size_t k = 0; k < sizeof masking / sizeof *masking; k++)
				waits |= strcmp(calls[i].name, masking[k]) == 0 && number == number_of(&calls[i]);
	}
	if (threads)
		closedir(threads);
	return waits;
}

/* What a sequence does that does not end: a legitimate wait, nothing that tells yet, or a hang. */
static const char *not_ended(pid_t pid, long waited)
{
	if (waits_under_mask(pid, 0))
		return "waits";
	if (waited < LAST_PATIENCE)
		return NULL;
	waits_under_mask(pid, 1);
	return "hangs";
}

static void run(unsigned long long n)
{
	const struct timespec moment = {0, 500000};
	int status = 0;
	pid_t pid = fork();
	if (pid == 0)
		sequence(n);
	for (long waited = 0; waitpid(pid, &status, WNOHANG) == 0; waited += 500) {
		nanosleep(&moment, NULL);
		const char *what = waited > PATIENCE ? not_ended(pid, waited) : NULL;
		if (what) {
			tell(n, what, 0);
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return;
		}
	}
	if (WIFSIGNALED(status))
		tell(n, "signal", WTERMSIG(status));
	else
		tell(n, "status", WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	seed = strtoull(argv[1], NULL, 0);
	unsigned long long first = strtoull(argv[2], NULL, 0), count = strtoull(argv[3], NULL, 0);
	for (int i = 4; i < argc; i++) {
		if (strcmp(argv[i], "show") == 0)
			shows = 1;
		else if (n_left_out < STEPS)
			left_out[n_left_out++] = atoi(argv[i]);
	}
	enter_namespaces();
	mkdir("proc", 0755);
	if (mount("proc", "proc", "proc", 0, NULL)) {
		printf("cannot mount /proc: %s\n", strerror(errno));
		fflush(stdout);
		_exit(77);
	}
	signal(SIGIO, SIG_IGN);
	/* KEYCTL_JOIN_SESSION_KEYRING: the keys of whoever runs this stay what they are. */
	syscall(SYS_keyctl, 1L, 0L, 0L, 0L, 0L);
	make_areas();
	for (unsigned long long n = first; n < first + count; n++)
		run(n);
	_exit(0);
}
