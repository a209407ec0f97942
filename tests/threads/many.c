// env: MALLOC_ARENA_MAX=1
// skip-cross: qemu 7.2 keeps memory of threads that ended, and takes minutes for so many
/* Threads leave nothing behind: 20000 joined and 20000 detached, then 256 at once. The host's malloc reserves 64 MiB
 * for each thread that finds it busy, which is more than what is looked for. */
#include "../libc/check.h"
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { N_THREADS = 20000, N_AT_ONCE = 256, MORE_ADDRESS_KB = 65536, MORE_RESIDENT_KB = 16384, MORE_MAPPINGS = 1000 };

static atomic_int ended;

static void *echo(void *arg)
{
	atomic_fetch_add(&ended, 1);
	return arg;
}

static void *meet(void *barrier)
{
	pthread_barrier_wait(barrier);
	return NULL;
}

/* What a process occupies. */
struct size {
	long address_kb, resident_kb;
	int n_mappings, n_files;
};

static int mappings(void)
{
	int n = 0, c;
	FILE *maps = fopen("/proc/self/maps", "r");
	CHECK(maps != NULL);
	while ((c = getc(maps)) != EOF)
		n += c == '\n';
	fclose(maps);
	return n;
}

static int open_files(void)
{
	int n = 0;
	DIR *files = opendir("/proc/self/fd");
	CHECK(files != NULL);
	while (readdir(files))
		n++;
	closedir(files);
	return n;
}

static struct size size(void)
{
	long all = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	CHECK(file && fscanf(file, "%ld %ld", &all, &resident) == 2);
	fclose(file);
	return (struct size){all * 4, resident * 4, mappings(), open_files()};
}

/* Nothing may be left of each thread, not even a page's address; allocators keep a little of all. */
static void left_nothing(const struct size *before, const char *what)
{
	struct size after = size();
	long address_kb = after.address_kb - before->address_kb, resident_kb = after.resident_kb - before->resident_kb;
	int n_mappings = after.n_mappings - before->n_mappings, n_files = after.n_files - before->n_files;
	if (!CHECK(address_kb < MORE_ADDRESS_KB && resident_kb < MORE_RESIDENT_KB && n_mappings < MORE_MAPPINGS && n_files == 0))
		printf("%s: %ld kB of addresses more, %ld kB resident, %d mappings, %d files\n", what, address_kb,
		       resident_kb, n_mappings, n_files);
}

static void join_rounds(int rounds)
{
	for (int i = 0; i < rounds; i++) {
		pthread_t thread;
		void *result = NULL;
		if (!CHECK(pthread_create(&thread, NULL, echo, &ended) == 0))
			return;
		CHECK(pthread_join(thread, &result) == 0 && result == &ended);
	}
}

static void detached_rounds(int rounds)
{
	pthread_attr_t detached;
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	atomic_store(&ended, 0);
	for (int i = 0; i < rounds; i++) {
		pthread_t thread;
		/* Those that end are a little behind those that begin. */
		while (pthread_create(&thread, &detached, echo, NULL) != 0)
			usleep(1000);
	}
	while (atomic_load(&ended) < rounds)
		usleep(1000);
}

int main(void)
{
	static pthread_barrier_t barrier;
	static pthread_t threads[N_AT_ONCE];
	join_rounds(500);
	detached_rounds(500);
	/* The last of the detached ones may still be ending. */
	usleep(200000);
	struct size before = size();
	join_rounds(N_THREADS);
	left_nothing(&before, "joined");
	detached_rounds(N_THREADS);
	usleep(200000);
	left_nothing(&before, "detached");
	CHECK(pthread_barrier_init(&barrier, NULL, N_AT_ONCE + 1) == 0);
	for (int i = 0; i < N_AT_ONCE; i++)
		if (!CHECK(pthread_create(&threads[i], NULL, meet, &barrier) == 0))
			return check_status();
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < N_AT_ONCE; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	return check_status();
}
