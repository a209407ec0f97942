// skip-cross: qemu 7.2 has no keyctl
// calls: add_key request_key keyctl landlock_create_ruleset landlock_add_rule landlock_restrict_self
// calls: lsm_get_self_attr lsm_set_self_attr lsm_list_modules perf_event_open seccomp
// calls: futex futex_waitv futex_wake futex_wait futex_requeue
/* Keys, rules a process gives itself, counters of events; and futexes by their newer names. */
#include "calls.h"
#include <fcntl.h>
#include <time.h>

static void keys(void)
{
	/* A session of its own, so that nothing outlives the child. */
	SHOW_ERROR(syscall(SYS_keyctl, 1, NULL, 0, 0, 0));
	long key = syscall(SYS_add_key, "user", "wali", "secret", 6L, -3);
	SHOW_ERROR(key);
	SHOW(syscall(SYS_request_key, "user", "wali", NULL, -3) == key);
	char text[32] = {0};
	SHOW(syscall(SYS_keyctl, 11, key, text, sizeof text, 0L));
	printf("%s\n", text);
	SHOW(syscall(SYS_keyctl, 2, key, "other!!", 7L, 0L));
	SHOW(syscall(SYS_keyctl, 11, key, text, 2L, 0L));
	SHOW(syscall(SYS_keyctl, 11, key, nowhere, 32L, 0L));
	SHOW(syscall(SYS_keyctl, 3, key, 0L, 0L, 0L));
	SHOW(syscall(SYS_keyctl, 11, key, text, sizeof text, 0L));
	SHOW(syscall(SYS_add_key, "no such type", "wali", "secret", 6L, -3));
	SHOW(syscall(SYS_add_key, nowhere, "wali", "secret", 6L, -3));
	SHOW(syscall(SYS_add_key, "user", "wali", nowhere, 6L, -3));
	SHOW(syscall(SYS_add_key, "user", "wali", "secret", 1L << 30, -3));
	SHOW(syscall(SYS_request_key, "user", "no such key", NULL, 0));
	SHOW(syscall(SYS_request_key, "user", nowhere, NULL, 0));
	SHOW(syscall(SYS_keyctl, 9999, 0L, 0L, 0L, 0L));
}

static void rules(void)
{
	uint64_t handled[1] = {1 << 2};
	struct {
		uint64_t allowed;
		int32_t parent;
	} __attribute__((packed)) rule = {1 << 2, -1};
	SHOW(syscall(SYS_landlock_create_ruleset, NULL, 0L, 1) > 0 || errno == EOPNOTSUPP || errno == ENOSYS);
	int set = syscall(SYS_landlock_create_ruleset, handled, 8L, 0);
	SHOW_ERROR(set);
	rule.parent = open("/dev", O_PATH);
	SHOW(syscall(SYS_landlock_add_rule, set, 1, &rule, 0));
	SHOW(syscall(SYS_landlock_add_rule, set, 1, nowhere, 0));
	SHOW(syscall(SYS_landlock_add_rule, set, 99, &rule, 0));
	SHOW(syscall(SYS_landlock_add_rule, -1, 1, &rule, 0));
	SHOW(syscall(SYS_landlock_create_ruleset, handled, 1L, 0));
	SHOW(syscall(SYS_landlock_create_ruleset, nowhere, 8L, 0));
	SHOW(syscall(SYS_landlock_restrict_self, set, 99));
	SHOW(syscall(SYS_landlock_restrict_self, -1, 0));
	close(open("file", O_CREAT | O_WRONLY, 0600));
	SHOW_ERROR(open("file", O_RDONLY));
	CHECK(syscall(SYS_prctl, 38, 1L, 0L, 0L, 0L) == 0);
	SHOW(syscall(SYS_landlock_restrict_self, set, 0));
	SHOW_ERROR(open("file", O_RDONLY));
	SHOW_ERROR(open("/dev/null", O_RDONLY));
}

static void modules(void)
{
	uint32_t size = 4096;
	uint64_t buffer[512];
	SHOW_ERROR(syscall(CALL_lsm_list_modules, buffer, &size, 0));
	SHOW(syscall(CALL_lsm_list_modules, nowhere, &size, 0));
	SHOW(syscall(CALL_lsm_list_modules, buffer, &size, 99));
	size = 0;
	SHOW_ERROR(syscall(CALL_lsm_list_modules, buffer, &size, 0));
	size = 4096;
	SHOW_ERROR(syscall(CALL_lsm_get_self_attr, 100, buffer, &size, 0));
	SHOW(syscall(CALL_lsm_get_self_attr, 99, buffer, &size, 0));
	SHOW(syscall(CALL_lsm_get_self_attr, 100, buffer, nowhere, 0));
	memset(buffer, 0, sizeof buffer);
	SHOW(syscall(CALL_lsm_set_self_attr, 99, buffer, 32, 0));
	SHOW(syscall(CALL_lsm_set_self_attr, 100, nowhere, 32, 0));
	SHOW(syscall(CALL_lsm_set_self_attr, 100, buffer, 1, 0));
}

static void counters(void)
{
	struct {
		uint32_t type, size;
		uint64_t config, rest[14];
	} event = {.type = 1, .size = 128, .config = 1};
	int fd = syscall(SYS_perf_event_open, &event, 0, -1, -1, 8L);
	SHOW_ERROR(fd);
	uint64_t value = 0;
	SHOW_ERROR(read(fd, &value, 8));
	SHOW(syscall(SYS_perf_event_open, &event, 0, -1, 99, 8L));
	SHOW(syscall(SYS_perf_event_open, &event, 0, -1, -1, 1L << 20));
	SHOW(syscall(SYS_perf_event_open, &event, -1, -1, -1, 0L));
	SHOW(syscall(SYS_perf_event_open, nowhere, 0, -1, -1, 0L));
	SHOW(syscall(SYS_seccomp, 99, 0, NULL));
	uint32_t action = 0x7fff0000;
	SHOW(syscall(SYS_seccomp, 2, 0, &action));
	SHOW(syscall(SYS_seccomp, 2, 0, nowhere));
}

static void futexes(void)
{
	static uint32_t words[2] = {5, 6};
	struct timespec past = {0, 1};
	struct {
		uint64_t value, address;
		uint32_t flags, reserved;
	} waiters[2] = {{5, (uintptr_t)words, 2, 0}, {7, (uintptr_t)(words + 1), 2, 0}};
	SHOW(syscall(SYS_futex, words, 1, 1, NULL, NULL, 0));
	SHOW(syscall(SYS_futex, words, 0, 6, NULL, NULL, 0));
	SHOW(syscall(SYS_futex, words, 0, 5, &past, NULL, 0));
	SHOW(syscall(SYS_futex, words, 99, 0, NULL, NULL, 0));
	SHOW(syscall(SYS_futex_waitv, waiters, 2, 0, &past, CLOCK_MONOTONIC));
	waiters[1].value = 6;
	SHOW(syscall(SYS_futex_waitv, waiters, 2, 0, &past, CLOCK_MONOTONIC));
	SHOW(syscall(SYS_futex_waitv, waiters, 0, 0, &past, CLOCK_MONOTONIC));
	SHOW(syscall(SYS_futex_waitv, waiters, 200, 0, &past, CLOCK_MONOTONIC));
	SHOW(syscall(SYS_futex_waitv, nowhere, 1, 0, &past, CLOCK_MONOTONIC));
	SHOW(syscall(SYS_futex_waitv, waiters, 1, 99, &past, CLOCK_MONOTONIC));
	waiters[0].flags = 99;
	SHOW(syscall(SYS_futex_waitv, waiters, 1, 0, &past, CLOCK_MONOTONIC));
	waiters[0].flags = 2;
	SHOW(syscall(CALL_futex_wake, words, 0xffffffffUL, 1, 2));
	SHOW(syscall(CALL_futex_wake, words, 0xffffffffUL, 1, 99));
	SHOW(syscall(CALL_futex_wake, words, 0UL, 1, 2));
	SHOW(syscall(CALL_futex_wait, words, 6UL, 0xffffffffUL, 2, &past, CLOCK_MONOTONIC));
	SHOW(syscall(CALL_futex_wait, words, 5UL, 0xffffffffUL, 2, &past, CLOCK_MONOTONIC));
	SHOW(syscall(CALL_futex_wait, words, 5UL, 0xffffffffUL, 2, &past, 99));
	SHOW(syscall(CALL_futex_wait, nowhere, 5UL, 0xffffffffUL, 2, &past, CLOCK_MONOTONIC));
	SHOW(syscall(CALL_futex_requeue, waiters, 0, 1, 1));
	waiters[0].value = 4;
	SHOW(syscall(CALL_futex_requeue, waiters, 0, 1, 1));
	SHOW(syscall(CALL_futex_requeue, waiters, 1, 1, 1));
	SHOW(syscall(CALL_futex_requeue, nowhere, 0, 1, 1));
}

int main(void)
{
	in_child("keys", keys);
	in_child("rules", rules);
	modules();
	counters();
	futexes();
	return check_status();
}
