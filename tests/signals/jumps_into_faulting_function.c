// skip-cross: handlers for real faults exist on x86-64 only
/* siglongjmp out of a handler of a fault to a sigsetjmp in the very function that faulted. */
#include "../libc/check.h"
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

static sigjmp_buf back;
static jmp_buf plain;
static long page_size;
static char *page;
static void *volatile seen;
static volatile int on_other_stack;
static char other_stack[65536] __attribute__((aligned(16)));

static int is_blocked(int number)
{
	sigset_t now;
	sigprocmask(SIG_BLOCK, 0, &now);
	return sigismember(&now, number);
}

static void jump(int number, siginfo_t *info, void *context)
{
	(void)context;
	char *local = (char *)&number;
	seen = info->si_addr;
	on_other_stack = local >= other_stack && local < other_stack + sizeof other_stack;
	siglongjmp(back, number);
}

static void jump_plain(int number, siginfo_t *info, void *context)
{
	(void)info, (void)context;
	longjmp(plain, number);
}

static void open_page(int number, siginfo_t *info, void *context)
{
	(void)number, (void)info, (void)context;
	mprotect(page, page_size, PROT_READ | PROT_WRITE);
}

static void install(int number, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags };
	sigaction(number, &sa, 0);
}

static void install_all(void (*handler)(int, siginfo_t *, void *), int flags)
{
	install(SIGSEGV, handler, flags);
	install(SIGBUS, handler, flags);
	install(SIGFPE, handler, flags);
}

static void came_back(const char *what, int number)
{
	long offset = number == SIGFPE ? 0 : (char *)seen - page;
	printf("%s: signal %d at %ld, blocked %d, other stack %d\n", what, number, offset,
	       is_blocked(number), on_other_stack);
}

/* The cases. Volatile and plain accesses of each size; the addresses are not known to the compiler. */

#define SIZES(row) row(8, uint8_t) row(16, uint16_t) row(32, uint32_t) row(64, uint64_t)

#define ROW(bits, type) \
	static NOINLINE int reads##bits(type *at) \
	{ \
		int number = sigsetjmp(back, 1); \
		return number ? -number : *at != 0; \
	} \
	static NOINLINE int reads_volatile##bits(volatile type *at) \
	{ \
		int number = sigsetjmp(back, 1); \
		return number ? -number : *at != 0; \
	} \
	static NOINLINE int writes##bits(type *at) \
	{ \
		int number = sigsetjmp(back, 1); \
		if (number) \
			return -number; \
		*at = 0x55; \
		return 0; \
	} \
	static NOINLINE int writes_volatile##bits(volatile type *at) \
	{ \
		int number = sigsetjmp(back, 1); \
		if (number) \
			return -number; \
		*at = 0x55; \
		return 0; \
	}
SIZES(ROW)
#undef ROW

static NOINLINE int reads_double(double *at)
{
	int number = sigsetjmp(back, 1);
	return number ? -number : *at > 1;
}

static NOINLINE int adds(int *at)
{
	int number = sigsetjmp(back, 1);
	if (number)
		return -number;
	*at += 3;
	return *at;
}

static void sizes(const char *name, char *at)
{
#define ROW(bits, type) \
	printf("%s %d bits: %d %d %d %d at %ld\n", name, bits, reads##bits((type *)at), \
	       reads_volatile##bits((type *)at), writes##bits((type *)at), \
	       writes_volatile##bits((type *)at), seen ? (long)((char *)seen - page) : -1);
	SIZES(ROW)
#undef ROW
	printf("%s double, sum: %d %d\n", name, reads_double((double *)at), adds((int *)at));
}

static void accesses(void)
{
	sizes("open", page + 8);
	mprotect(page, page_size, PROT_NONE);
	sizes("closed", page + 16);
	mprotect(page, page_size, PROT_READ);
	sizes("read only", page + 24);
	mprotect(page, page_size, PROT_READ | PROT_WRITE);
	sizes("open again", page + 8);
}

/* An access that begins in a good page and ends in a bad one. */
struct unaligned {
	volatile uint64_t value;
} __attribute__((packed));

static NOINLINE int across(struct unaligned *at, int write)
{
	int number = sigsetjmp(back, 1);
	if (number)
		return -number;
	if (write)
		at->value = 7;
	return at->value == 7;
}

static void accesses_across_pages(void)
{
	struct unaligned *at = (struct unaligned *)(page + page_size - 4);
	mprotect(page + page_size, page_size, PROT_NONE);
	printf("across: %d %ld", across(at, 0), (long)((char *)seen - page - page_size));
	seen = 0;
	printf(" %d %ld\n", across(at, 1), (long)((char *)seen - page - page_size));
	mprotect(page + page_size, page_size, PROT_READ | PROT_WRITE);
}

static NOINLINE void null_pointer(volatile int *nowhere)
{
	int number = sigsetjmp(back, 1);
	if (number == 0) {
		*nowhere = 1;
		puts("not reached");
	} else {
		printf("null: signal %d, address %d\n", number, seen != 0);
	}
}

static NOINLINE int divides(int by)
{
	int number = sigsetjmp(back, 1);
	return number ? -number : 1000 / by;
}

static NOINLINE long divides_unsigned(unsigned long by)
{
	int number = sigsetjmp(back, 1);
	return number ? -number : (long)(1000000000000UL / by);
}

static void divisions(void)
{
	for (int by = 0; by < 3; by++)
		printf("1000 / %d: %d, %ld\n", by, divides(by), divides_unsigned(by));
}

static void behind_file(void)
{
	char name[] = "jumps-XXXXXX";
	int fd = mkstemp(name);
	unlink(name);
	write(fd, "x", 1);
	page = mmap(0, 2 * page_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	int number = sigsetjmp(back, 1);
	if (!number) {
		printf("in the file: %c\n", page[0]);
		page[page_size + 3] = 1;
	}
	came_back("behind the file's end", number);
	number = sigsetjmp(back, 1);
	if (!number)
		number = page[page_size + 5] + 100;
	came_back("read there", number);
}

static void loop(void)
{
	volatile int ends = 0, sum = 0;
	mprotect(page, page_size, PROT_READ);
	for (volatile int i = 0; i < 1000; i++) {
		int number = sigsetjmp(back, 1);
		if (number) {
			ends++;
			sum += (int)((char *)seen - page);
			continue;
		}
		page[i] = 1;
	}
	printf("%d recoveries, sum %d, blocked %d\n", ends, sum, is_blocked(SIGSEGV));
}

static NOINLINE void locals(char *bad, int argument)
{
	volatile int kept = argument;
	volatile double number = argument * 1.5;
	int unchanged = argument + 7;
	char text[20] = "before";
	if (sigsetjmp(back, 1) == 0) {
		kept++;
		number *= 2;
		strcpy(text, "between");
		*bad = 1;
		kept = -1;
	}
	printf("locals: %d %.2f %d %s\n", kept, number, unchanged, text);
}

static NOINLINE int inner(char *bad)
{
	sigjmp_buf outer;
	memcpy(outer, back, sizeof outer);
	int number = sigsetjmp(back, 1);
	volatile int result = number ? 10 : 0;
	if (!number)
		result = *bad;
	memcpy(back, outer, sizeof outer);
	return result;
}

static NOINLINE void nested(char *bad)
{
	volatile int first = -1;
	int number = sigsetjmp(back, 1);
	if (!number) {
		first = inner(bad);
		*bad = 1;
		puts("not reached");
	}
	printf("nested: %d, then signal %d\n", first, number);
}

static NOINLINE void two_places(char *bad)
{
	jmp_buf other;
	volatile int rounds = 0;
	if (sigsetjmp(back, 1)) {
		printf("second place, round %d\n", rounds);
		if (++rounds < 3)
			longjmp(other, 1);
		return;
	}
	if (setjmp(other))
		puts("first place");
	*bad = 1;
}

static NOINLINE void plain_setjmp(char *bad)
{
	for (volatile int i = 0; i < 5; i++) {
		int number = setjmp(plain);
		if (!number)
			*bad = 1;
		printf("plain: signal %d, blocked %d\n", number, is_blocked(SIGSEGV));
	}
}

static NOINLINE void goes_on(char *bad)
{
	int number = sigsetjmp(back, 1);
	if (!number) {
		*bad = 41;
		*bad += 1;
	}
	printf("goes on: %d, %d\n", number, *bad);
}

int main(void)
{
	page_size = sysconf(_SC_PAGESIZE);
	page = mmap(0, 2 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t stack = { .ss_sp = other_stack, .ss_size = sizeof other_stack };
	sigaltstack(&stack, 0);
	install_all(jump, 0);
	accesses();
	accesses_across_pages();
	null_pointer(0);
	divisions();
	loop();
	install_all(jump, SA_ONSTACK);
	mprotect(page, page_size, PROT_NONE);
	locals(page + 3, 20);
	nested(page + 4);
	two_places(page + 5);
	int number = sigsetjmp(back, 1);
	if (!number)
		page[6] = 1;
	came_back("in main", number);
	install_all(jump_plain, SA_NODEFER);
	plain_setjmp(page + 7);
	install_all(open_page, 0);
	goes_on(page + 8);
	install_all(jump, 0);
	behind_file();
	return check_status();
}
