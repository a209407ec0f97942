// skip-cross: qemu 7.2 has no memory policies
// calls: sched_setparam sched_getparam sched_setscheduler sched_getscheduler sched_get_priority_max
// calls: sched_get_priority_min sched_rr_get_interval sched_setattr sched_getattr sched_setaffinity
// calls: sched_getaffinity sched_yield ioprio_set ioprio_get getcpu getpriority setpriority
// calls: mbind set_mempolicy get_mempolicy migrate_pages move_pages set_mempolicy_home_node
/* When and where a process runs, and where its memory lies. */
#include "calls.h"
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t least, most;
};

static void policies(void)
{
	struct sched_param param = {0};
	SHOW(syscall(SYS_sched_getscheduler, 0));
	SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &param));
	SHOW(syscall(SYS_sched_getscheduler, 0));
	SHOW(syscall(SYS_sched_getscheduler, -1));
	SHOW(syscall(SYS_sched_setscheduler, 0, 99, &param));
	SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, nowhere));
	SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, NULL));
	param.sched_priority = 5;
	SHOW(syscall(SYS_sched_setscheduler, 0, SCHED_BATCH, &param));
	SHOW(syscall(SYS_sched_setparam, 0, &param));
	param.sched_priority = 0;
	SHOW(syscall(SYS_sched_setparam, 0, &param));
	SHOW(syscall(SYS_sched_setparam, 0, nowhere));
	param.sched_priority = 77;
	SHOW(syscall(SYS_sched_getparam, 0, &param));
	CHECK(param.sched_priority == 0);
	SHOW(syscall(SYS_sched_getparam, 0, NULL));
	SHOW(syscall(SYS_sched_getparam, -1, &param));
	const int all[] = {SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE, 99};
	for (int i = 0; i < 6; i++) {
		SHOW(syscall(SYS_sched_get_priority_max, all[i]));
		SHOW(syscall(SYS_sched_get_priority_min, all[i]));
	}
	struct timespec slice = {-1, -1};
	SHOW(syscall(SYS_sched_rr_get_interval, 0, &slice));
	CHECK(slice.tv_sec == 0 && slice.tv_nsec >= 0);
	SHOW(syscall(SYS_sched_rr_get_interval, -1, &slice));
	SHOW(syscall(SYS_sched_rr_get_interval, 0, nowhere));
	SHOW(syscall(SYS_sched_yield));
}

static void attributes(void)
{
	struct attributes attributes = {0};
	SHOW(syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0));
	printf("%u %u %d\n", attributes.size, attributes.policy, attributes.nice);
	attributes.nice = 3;
	SHOW(syscall(SYS_sched_setattr, 0, &attributes, 0));
	SHOW(syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0));
	printf("nice %d\n", attributes.nice);
	SHOW(syscall(SYS_sched_getattr, 0, &attributes, 8, 0));
	SHOW(syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 1));
	SHOW(syscall(SYS_sched_getattr, 0, nowhere, sizeof attributes, 0));
	attributes.size = 7;
	SHOW(syscall(SYS_sched_setattr, 0, &attributes, 0));
	SHOW(syscall(SYS_sched_setattr, 0, NULL, 0));
	attributes.size = sizeof attributes;
	attributes.policy = 99;
	SHOW(syscall(SYS_sched_setattr, 0, &attributes, 0));
}

static void nice_values(void)
{
	SHOW(syscall(SYS_setpriority, PRIO_PROCESS, 0, 7));
	/* The kernel answers 20 minus the value. */
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(syscall(SYS_setpriority, PRIO_PROCESS, 0, 100));
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(syscall(SYS_setpriority, 9, 0, 0));
	SHOW(syscall(SYS_getpriority, 9, 0));
	SHOW(syscall(SYS_getpriority, PRIO_PROCESS, -1));
	SHOW(syscall(SYS_ioprio_get, 1, 0));
	SHOW(syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 6));
	SHOW(syscall(SYS_ioprio_get, 1, 0));
	SHOW(syscall(SYS_ioprio_set, 1, 0, 7 << 13));
	SHOW(syscall(SYS_ioprio_set, 9, 0, 0));
	SHOW(syscall(SYS_ioprio_get, 9, 0));
	SHOW(syscall(SYS_ioprio_get, 1, -1));
}

static void processors(void)
{
	unsigned cpu = -1, node = -1;
	SHOW(syscall(SYS_getcpu, &cpu, &node, NULL));
	CHECK(cpu < 4096 && node < 4096);
	SHOW(syscall(SYS_getcpu, NULL, NULL, NULL));
	SHOW(syscall(SYS_getcpu, nowhere, NULL, NULL));
	unsigned char set[128] = {0}, one[128] = {0};
	CHECK(syscall(SYS_sched_getaffinity, 0, sizeof set, set) > 0);
	one[cpu / 8] = 1 << cpu % 8;
	SHOW(syscall(SYS_sched_setaffinity, 0, sizeof one, one));
	CHECK(syscall(SYS_sched_getaffinity, 0, sizeof set, set) > 0 && memcmp(set, one, 128) == 0);
	memset(one, 0, sizeof one);
	SHOW(syscall(SYS_sched_setaffinity, 0, sizeof one, one));
	SHOW(syscall(SYS_sched_setaffinity, 0, sizeof one, nowhere));
	SHOW(syscall(SYS_sched_setaffinity, -1, sizeof set, set));
	SHOW(syscall(SYS_sched_getaffinity, 0, 1, set));
	SHOW(syscall(SYS_sched_getaffinity, 0, sizeof set, nowhere));
}

static void nodes(void)
{
	enum { SIZE = 4 * 4096, PREFERRED = 1, BIND = 2, LOCAL = 4 };
	char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(memory != MAP_FAILED);
	memset(memory, 1, SIZE);
	uint64_t node0 = 1, none = 0, far = 1ULL << 63;
	int mode = -1;
	SHOW(syscall(SYS_set_mempolicy, BIND, &node0, 64L));
	SHOW(syscall(SYS_get_mempolicy, &mode, NULL, 0L, NULL, 0L));
	printf("mode %d\n", mode);
	SHOW(syscall(SYS_set_mempolicy, BIND, &none, 64L));
	SHOW(syscall(SYS_set_mempolicy, BIND, &far, 64L));
	SHOW(syscall(SYS_set_mempolicy, 99, &node0, 64L));
	SHOW(syscall(SYS_set_mempolicy, BIND, nowhere, 64L));
	SHOW(syscall(SYS_set_mempolicy, 0, NULL, 0L));
	SHOW(syscall(SYS_mbind, memory, (long)SIZE, BIND, &node0, 64L, 0));
	SHOW(syscall(SYS_set_mempolicy_home_node, memory, (long)SIZE, 0L, 0L));
	SHOW(syscall(SYS_set_mempolicy_home_node, memory, (long)SIZE, 0L, 1L));
	SHOW(syscall(SYS_get_mempolicy, &mode, NULL, 0L, memory, 2L));
	printf("mode %d\n", mode);
	SHOW(syscall(SYS_mbind, memory + 1, (long)SIZE, BIND, &node0, 64L, 0));
	SHOW(syscall(SYS_mbind, memory, (long)SIZE, BIND, nowhere, 64L, 0));
	SHOW(syscall(SYS_mbind, memory, (long)SIZE, 99, &node0, 64L, 0));
	SHOW(syscall(SYS_get_mempolicy, nowhere, NULL, 0L, NULL, 0L));
	SHOW(syscall(SYS_get_mempolicy, &mode, NULL, 0L, memory, 99L));
	void *pages[2] = {memory, memory + 8192};
	int to[2] = {0, 0}, status[2] = {-1, -1};
	SHOW(syscall(SYS_move_pages, 0, 2L, pages, NULL, status, 0));
	printf("nodes %d %d\n", status[0], status[1]);
	SHOW(syscall(SYS_move_pages, 0, 2L, pages, to, status, 2));
	SHOW(syscall(SYS_move_pages, 0, 2L, pages, to, status, 64));
	SHOW(syscall(SYS_move_pages, 0, 2L, nowhere, NULL, status, 0));
	SHOW(syscall(SYS_move_pages, 0, 2L, pages, NULL, nowhere, 0));
	SHOW(syscall(SYS_migrate_pages, 0, 64L, &node0, &node0));
	SHOW(syscall(SYS_migrate_pages, 0, 64L, nowhere, &node0));
	SHOW(syscall(SYS_migrate_pages, -1, 64L, &node0, &node0));
	CHECK(munmap(memory, SIZE) == 0);
}

int main(void)
{
	in_child("policies", policies);
	in_child("attributes", attributes);
	in_child("nice", nice_values);
	in_child("processors", processors);
	in_child("nodes", nodes);
	return check_status();
}
