/* Gives every pointer and every length of a call the values that go wrong, one or two at a time, and prints
 * what the call answers. Each attempt is a process of its own. */
#include "objects.h"

#include <stdlib.h>
#include <sys/wait.h>

static const char *const address_names[] = {
	"", "null", "hole", "last bytes", "low", "straddles", "last byte", "odd", "read-only",
};

/* An attempt: the plausible arguments with at most two changed, or all of the pointers. */
struct attempt {
	const struct call *call;
	const struct base *base;
	int first, second; /* the changed arguments, or -1 */
	enum address first_address, second_address;
	long long first_number, second_number;
	enum address all; /* for every pointer, or PLAUSIBLE */
};

/* What an attempt leaves for its parent. */
struct result {
	int is_done, error;
	long long value;
};

static struct result *result;

/* How long a call may take, in seconds; and one that is expected to wait, in microseconds. */
#define PATIENCE 5
#define SHORT_PATIENCE 400000

static int is_pointer(const struct arg *arg)
{
	return arg->kind == TEXT || arg->kind == DATA || arg->kind == ADDRESS;
}

static void change(long long *a, const struct attempt *attempt, int i, enum address value, long long number)
{
	const struct arg *arg = &attempt->call->args[i];
	if (is_pointer(arg))
		a[i] = address(value, i, arg, a[i]);
	else
		a[i] = number;
}

static void child(const struct attempt *attempt)
{
	long long a[6] = {0};
	make_files();
	attempt->base->fill(a);
	if (attempt->first >= 0)
		change(a, attempt, attempt->first, attempt->first_address, attempt->first_number);
	if (attempt->second >= 0)
		change(a, attempt, attempt->second, attempt->second_address, attempt->second_number);
	for (int i = 0; attempt->all && i < attempt->call->n_args; i++)
		if (is_pointer(&attempt->call->args[i]) && !(attempt->base->fixed >> i & 1))
			a[i] = address(attempt->all, i, &attempt->call->args[i], a[i]);
#if defined __aarch64__
	long number = attempt->call->numbers[1];
#elif defined __riscv
	long number = attempt->call->numbers[2];
#else
	long number = attempt->call->numbers[0];
#endif
	struct result *place = result;
	const struct itimerval patience = {.it_value = {PATIENCE, 0}}, less = {.it_value = {0, SHORT_PATIENCE}};
	setitimer(ITIMER_REAL, attempt->base->waits ? &less : &patience, NULL);
	errno = 0;
	long value = syscall(number, (long)a[0], (long)a[1], (long)a[2], (long)a[3], (long)a[4], (long)a[5]);
	place->error = value == -1 ? errno : 0;
	place->value = value;
	place->is_done = 1;
	_exit(0);
}

static void describe(const struct attempt *attempt, int i, enum address value, long long number)
{
	const struct arg *arg = &attempt->call->args[i];
	if (is_pointer(arg))
		printf(" %s %s", arg->name, address_names[value]);
	else
		printf(" %s=%lld", arg->name, number);
}

static void run(const struct attempt *attempt)
{
	*result = (struct result){0};
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		child(attempt);
	int status = 0;
	waitpid(pid, &status, 0);
	printf("%s%s", attempt->call->name, attempt->base->label);
	if (attempt->first >= 0)
		describe(attempt, attempt->first, attempt->first_address, attempt->first_number);
	if (attempt->second >= 0)
		describe(attempt, attempt->second, attempt->second_address, attempt->second_number);
	if (attempt->all)
		printf(" all %s", address_names[attempt->all]);
	if (WIFSIGNALED(status))
		printf(": signal %d%s\n", WTERMSIG(status), result->is_done ? " after the answer" : "");
	else if (!result->is_done)
		printf(": ended with %d\n", WEXITSTATUS(status));
	else if (result->error)
		printf(": errno %d\n", result->error);
	else if (attempt->base->has_result)
		printf(": %lld\n", result->value);
	else
		printf(": fine\n");
}

/* The lengths worth trying for `arg`; answers how many. */
static int lengths(const struct arg *arg, long long *values)
{
	int n = 0;
	long long few = arg->size > 1 ? (1LL << 32) / arg->size + 1 : 4097;
	const long long narrow[] = {0, 1, few, 0x7fffffff, 0x80000000LL, 0xffffffffLL};
	for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++)
		values[n++] = arg->is_signed && !arg->is_wide ? (long long)(int)narrow[i] : narrow[i];
	if (arg->is_wide) {
		values[n++] = 1LL << 32;
		values[n++] = (long long)(~0ULL / (arg->size > 1 ? arg->size : 2) + 1);
		values[n++] = (long long)(1ULL << 63);
		values[n++] = -1;
	}
	return n;
}

static int is_tried(const struct base *base, int i)
{
	return !(base->fixed >> i & 1);
}

static int is_length(const struct attempt *plain, int i)
{
	return plain->call->args[i].kind == LENGTH && plain->base->has_lengths && is_tried(plain->base, i);
}

static void try_pairs(const struct attempt *plain, int i, enum address value)
{
	struct attempt attempt = *plain;
	attempt.first = i;
	attempt.first_address = value;
	for (int k = 0; k < plain->call->n_args; k++) {
		const struct arg *other = &plain->call->args[k];
		attempt.second = k;
		if (other->kind == DESCRIPTOR && is_tried(plain->base, k)) {
			attempt.second_number = -1;
			run(&attempt);
		} else if (is_length(plain, k)) {
			long long values[16];
			for (int v = lengths(other, values); v-- > 0;) {
				attempt.second_number = values[v];
				run(&attempt);
			}
		} else if (is_pointer(other) && k > i && is_tried(plain->base, k)) {
			attempt.second_address = HOLE;
			run(&attempt);
		}
	}
}

static void try_pointer(const struct attempt *plain, int i)
{
	struct attempt attempt = *plain;
	attempt.first = i;
	for (enum address value = NOTHING; value < N_ADDRESSES; value++) {
		if (value == READ_ONLY && !plain->call->args[i].is_written)
			continue;
		attempt.first_address = value;
		run(&attempt);
	}
	try_pairs(plain, i, NOTHING);
	try_pairs(plain, i, HOLE);
	try_pairs(plain, i, STRADDLES);
}

static void try_base(const struct call *call, const struct base *base)
{
	struct attempt plain = {.call = call, .base = base, .first = -1, .second = -1};
	int n_pointers = 0;
	run(&plain);
	for (int i = 0; i < call->n_args; i++) {
		struct attempt attempt = plain;
		attempt.first = i;
		if (!is_tried(base, i))
			continue;
		if (is_pointer(&call->args[i])) {
			n_pointers++;
			try_pointer(&plain, i);
		} else if (call->args[i].kind == DESCRIPTOR) {
			attempt.first_number = -1;
			run(&attempt);
			attempt.first_number = 999;
			run(&attempt);
		} else if (is_length(&plain, i)) {
			long long values[16];
			int n = lengths(&call->args[i], values);
			for (int v = 0; v < n; v++) {
				attempt.first_number = values[v];
				run(&attempt);
			}
		}
	}
	if (n_pointers > 1) {
		plain.all = NOTHING;
		run(&plain);
		plain.all = HOLE;
		run(&plain);
	}
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	enter_namespaces();
	result = mmap(NULL, sizeof *result, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	/* Last, so that the hole stays one. */
	make_areas();
	for (int i = 0; i < n_calls; i++) {
		int is_wanted = argc == 1;
		for (int k = 1; k < argc; k++)
			is_wanted |= strcmp(argv[k], calls[i].name) == 0;
		for (int b = 0; is_wanted && b < calls[i].n_bases; b++)
			try_base(&calls[i], &calls[i].bases[b]);
	}
	fflush(stdout);
	_exit(0);
}
