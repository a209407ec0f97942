// skip-cross: handlers for real faults exist on x86-64 only
// flags: -pthread -fno-strict-aliasing
/* Handlers for faults of the program's own code: what they are told, where they run, and how the
 * program goes on. Each case is a child process, whose end is printed. */
#include "../libc/check.h"
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *page;
static volatile int zero, sink;
static long page_size;
static sigjmp_buf back;
static int in_handler;
static char other_stack[65536] __attribute__((aligned(16)));

#define NOINLINE __attribute__((noinline))

static NOINLINE int load(volatile char *at) { return *at; }
static NOINLINE void store(volatile char *at, int value) { *at = value; }
static NOINLINE int divide(int by) { return 1000 / by; }

static void say(const char *text)
{
	write(1, text, strlen(text));
}

static void install(int number, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags };
	sigaction(number, &sa, 0);
}

static void report(int number, siginfo_t *info, void *context)
{
	(void)context;
	char line[100];
	long offset = (char *)info->si_addr - page;
	int local, on_other = (char *)&local >= other_stack && (char *)&local < other_stack + sizeof other_stack;
	if (number == SIGFPE || number == SIGILL)
		offset = 0;
	snprintf(line, sizeof line, "signal %d code %d at %ld, other stack %d\n", info->si_signo,
		 info->si_code, offset, on_other);
	say(line);
	_exit(7);
}

static void open_page(int number, siginfo_t *info, void *context)
{
	(void)number, (void)context;
	in_handler++;
	char *start = (char *)((uintptr_t)info->si_addr & -page_size);
	mprotect(start, page_size, PROT_READ | PROT_WRITE);
}

static void jump(int number, siginfo_t *info, void *context)
{
	(void)info, (void)context;
	siglongjmp(back, number);
}

static void returns_and_resets(int number, siginfo_t *info, void *context)
{
	(void)info, (void)context;
	say("once\n");
	signal(number, SIG_DFL);
}

static void raises(int number, siginfo_t *info, void *context)
{
	(void)info, (void)context;
	say("raising\n");
	signal(number, SIG_DFL);
	raise(number);
}

static void faults_again(int number, siginfo_t *info, void *context)
{
	(void)info, (void)context, (void)number;
	say("again\n");
	load(page);
	say("not reached\n");
}

static void aborts(int number, siginfo_t *info, void *context)
{
	(void)info, (void)context, (void)number;
	say("aborting\n");
	abort();
}

static volatile sig_atomic_t nested;

static void counts(int number)
{
	(void)number;
	nested++;
}

static void raises_other(int number, siginfo_t *info, void *context)
{
	raise(SIGUSR1);
	say(nested == 1 ? "nested\n" : "not nested\n");
	open_page(number, info, context);
}

/* The cases. */

static void unmapped(void)
{
	munmap(page, page_size);
	install(SIGSEGV, report, 0);
	load(page + 5);
}

static void forbidden(void)
{
	mprotect(page, page_size, PROT_NONE);
	install(SIGSEGV, report, 0);
	load(page + 9);
}

static void read_only(void)
{
	mprotect(page, page_size, PROT_READ);
	install(SIGSEGV, report, 0);
	load(page + 17);
	store(page + 18, 1);
}

static void on_other_stack(void)
{
	stack_t stack = { .ss_sp = other_stack, .ss_size = sizeof other_stack };
	sigaltstack(&stack, 0);
	mprotect(page, page_size, PROT_NONE);
	install(SIGSEGV, report, SA_ONSTACK);
	store(page, 1);
}

static void division(void)
{
	install(SIGFPE, report, 0);
	sink = divide(zero);
}

static void trap(void)
{
	install(SIGILL, report, 0);
	__builtin_trap();
}

static void null_function(void)
{
	void (*volatile function)(void) = 0;
	page = 0;
	install(SIGSEGV, report, 0);
	function();
}

static void behind_file(void)
{
	char name[] = "faults-XXXXXX";
	int fd = mkstemp(name);
	unlink(name);
	write(fd, "x", 1);
	page = mmap(0, 2 * page_size, PROT_READ, MAP_SHARED, fd, 0);
	install(SIGBUS, report, 0);
	load(page + page_size + 3);
}

static void goes_on(void)
{
	mprotect(page, page_size, PROT_NONE);
	install(SIGSEGV, open_page, 0);
	volatile double sum = 1.5;
	int zeros = 0;
	for (int i = 0; i < 100; i++) {
		mprotect(page, page_size, PROT_NONE);
		sum = sum * 1.01 + load(page + i);
		zeros += load(page + i) == 0;
	}
	printf("%d faults, %d zeros, %.6f\n", in_handler, zeros, sum);
}

static void in_copies(void)
{
	char source[300];
	memset(source, 3, sizeof source);
	install(SIGSEGV, open_page, 0);
	mprotect(page, page_size, PROT_NONE);
	memcpy(page + 100, source, zero + sizeof source);
	mprotect(page, page_size, PROT_NONE);
	memset(page + 300, 4, zero + 200);
	mprotect(page, page_size, PROT_NONE);
	memmove(source, page + 290, zero + 20);
	printf("%d faults, %d %d %d %d\n", in_handler, page[100], page[299], page[499], source[10]);
}

static void copy_kills(void)
{
	mprotect(page, page_size, PROT_READ);
	memset(page, 1, zero + 500);
}

static void copy_reports(void)
{
	mprotect(page, page_size, PROT_READ);
	install(SIGSEGV, report, 0);
	memset(page, 1, zero + 500);
}

static NOINLINE int guarded(volatile char *at)
{
	int number = sigsetjmp(back, 1);
	if (number)
		return -number;
	return load(at);
}

static NOINLINE int guarded_division(int by)
{
	int number = sigsetjmp(back, 1);
	return number ? -number : divide(by);
}

static void jumps(void)
{
	int ends = 0;
	install(SIGSEGV, jump, 0);
	install(SIGFPE, jump, 0);
	for (int i = 0; i < 200; i++) {
		mprotect(page, page_size, i % 2 ? PROT_READ : PROT_NONE);
		ends += guarded(page + i) == -SIGSEGV;
		ends += guarded_division(i % 4) == -SIGFPE;
	}
	sigset_t now;
	sigprocmask(SIG_BLOCK, 0, &now);
	printf("%d jumps, blocked %d\n", ends, sigismember(&now, SIGSEGV));
}

static void jumps_from_function_pointer(void)
{
	int (*volatile function)(int) = 0;
	install(SIGSEGV, jump, 0);
	int number = sigsetjmp(back, 1);
	if (!number)
		function(3);
	printf("came back with %d\n", number);
}

static void comes_back(void)
{
	install(SIGSEGV, returns_and_resets, 0);
	mprotect(page, page_size, PROT_NONE);
	load(page);
}

static void raised_again(void)
{
	install(SIGFPE, raises, 0);
	sink = divide(zero);
}

static void fault_in_handler(void)
{
	install(SIGSEGV, faults_again, 0);
	mprotect(page, page_size, PROT_NONE);
	load(page);
}

static void fault_in_nodefer_handler(void)
{
	struct rlimit none = { 0, 0 };
	setrlimit(RLIMIT_CORE, &none);
	install(SIGSEGV, faults_again, SA_NODEFER | SA_RESETHAND);
	mprotect(page, page_size, PROT_NONE);
	load(page);
}

static void ends_by_abort(void)
{
	install(SIGSEGV, aborts, 0);
	load((char *)(uintptr_t)-(page_size / 2) - 0x10000);
	page = 0;
	load(page + zero);
}

static void blocked(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGSEGV);
	sigprocmask(SIG_BLOCK, &set, 0);
	install(SIGSEGV, report, 0);
	mprotect(page, page_size, PROT_NONE);
	load(page);
}

static void ignored(void)
{
	signal(SIGSEGV, SIG_IGN);
	raise(SIGSEGV);
	say("ignored when sent\n");
	mprotect(page, page_size, PROT_NONE);
	load(page);
}

static void sent(void)
{
	sigset_t set, pending;
	sigemptyset(&set);
	sigaddset(&set, SIGSEGV);
	signal(SIGSEGV, counts);
	kill(getpid(), SIGSEGV);
	sigprocmask(SIG_BLOCK, &set, 0);
	raise(SIGSEGV);
	sigpending(&pending);
	printf("handled %d, pending %d\n", (int)nested, sigismember(&pending, SIGSEGV));
	sigprocmask(SIG_UNBLOCK, &set, 0);
	printf("handled %d\n", (int)nested);
}

static void another_inside(void)
{
	signal(SIGUSR1, counts);
	install(SIGSEGV, raises_other, 0);
	mprotect(page, page_size, PROT_NONE);
	printf("loaded %d\n", load(page));
}

static void *in_thread(void *arg)
{
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
	sigaltstack(&stack, 0);
	char *own = arg;
	for (int i = 0; i < 50; i++) {
		mprotect(own, page_size, PROT_NONE);
		store(own + i, i);
	}
	return (void *)(uintptr_t)own[49];
}

static void threads(void)
{
	pthread_t all[4];
	int sum = 0;
	install(SIGSEGV, open_page, SA_ONSTACK);
	for (int t = 0; t < 4; t++) {
		char *own = mmap(0, page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		pthread_create(&all[t], 0, in_thread, own);
	}
	for (int t = 0; t < 4; t++) {
		void *result;
		pthread_join(all[t], &result);
		sum += (int)(uintptr_t)result;
	}
	printf("sum %d\n", sum);
}

static void handler_ends_thread(int number, siginfo_t *info, void *context)
{
	(void)number, (void)info, (void)context;
	pthread_exit((void *)(uintptr_t)5);
}

static void *dies(void *arg)
{
	load(arg);
	return 0;
}

static void thread_exits(void)
{
	pthread_t thread;
	void *result;
	mprotect(page, page_size, PROT_NONE);
	install(SIGSEGV, handler_ends_thread, 0);
	pthread_create(&thread, 0, dies, page);
	pthread_join(thread, &result);
	printf("the thread ended with %d\n", (int)(uintptr_t)result);
}

static NOINLINE int deep(int n)
{
	volatile char here[200];
	here[n % 200] = n;
	return n ? deep(n - 1) + here[n % 200] : 0;
}

static void handles_overflow(int number, siginfo_t *info, void *context)
{
	(void)info, (void)context;
	say(number == SIGSEGV ? "stack overflow\n" : "?\n");
	_exit(3);
}

static void overflow(void)
{
	stack_t stack = { .ss_sp = other_stack, .ss_size = sizeof other_stack };
	sigaltstack(&stack, 0);
	install(SIGSEGV, handles_overflow, SA_ONSTACK);
	deep(1 << 30);
}

static const struct {
	const char *name;
	void (*run)(void);
} CASES[] = {
	{ "unmapped", unmapped },
	{ "forbidden", forbidden },
	{ "read only", read_only },
	{ "other stack", on_other_stack },
	{ "division", division },
	{ "trap", trap },
	{ "null function", null_function },
	{ "behind the file's end", behind_file },
	{ "goes on", goes_on },
	{ "in copies", in_copies },
	{ "copy kills", copy_kills },
	{ "copy reports", copy_reports },
	{ "jumps", jumps },
	{ "jumps from a function pointer", jumps_from_function_pointer },
	{ "comes back to the fault", comes_back },
	{ "raised again", raised_again },
	{ "fault in the handler", fault_in_handler },
	{ "fault in a handler that defers nothing", fault_in_nodefer_handler },
	{ "abort", ends_by_abort },
	{ "blocked", blocked },
	{ "ignored", ignored },
	{ "sent", sent },
	{ "another signal inside", another_inside },
	{ "threads", threads },
	{ "thread exits", thread_exits },
	{ "overflow", overflow },
};

int main(int argc, char **argv)
{
	struct rlimit none = { 0, 0 };
	setrlimit(RLIMIT_CORE, &none);
	page_size = sysconf(_SC_PAGESIZE);
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		if (argc > 1 && strcmp(argv[1], CASES[i].name))
			continue;
		int status;
		printf("%s: ", CASES[i].name);
		fflush(stdout);
		page = mmap(0, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		pid_t child = fork();
		if (!child) {
			/* What the engine says about a fatal fault is not compared. */
			if (argc < 2)
				dup2(open("/dev/null", O_WRONLY), 2);
			CASES[i].run();
			fflush(stdout);
			_exit(0);
		}
		waitpid(child, &status, 0);
		if (WIFSIGNALED(status))
			printf("  ended by signal %d\n", WTERMSIG(status));
		else
			printf("  exit status %d\n", WEXITSTATUS(status));
		munmap(page, page_size);
	}
	return check_status();
}
