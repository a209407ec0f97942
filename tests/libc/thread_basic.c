/* Threads: creating, joining, detaching, results, attributes, ids, thread-local storage, once, keys. */
#include "check.h"
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local int local = 17;
static _Thread_local char zeroed[1000];
static _Thread_local _Alignas(64) char aligned[64] = "aligned";
static _Thread_local int *points_to_local;
static sem_t finished;

static void *doubles(void *argument)
{
	return (void *)(2 * (intptr_t)argument);
}

static void joining(void)
{
	pthread_t threads[50];
	for (intptr_t i = 0; i < 50; i++)
		CHECK(pthread_create(&threads[i], NULL, doubles, (void *)i) == 0);
	for (intptr_t i = 0; i < 50; i++) {
		void *result;
		CHECK(pthread_join(threads[i], &result) == 0 && (intptr_t)result == 2 * i);
	}
	/* Resources of joined threads are used again. */
	for (int i = 0; i < 500; i++) {
		pthread_t thread;
		if (!CHECK(pthread_create(&thread, NULL, doubles, NULL) == 0))
			return;
		pthread_join(thread, NULL);
	}
}

static void *posts(void *argument)
{
	sem_post(argument);
	return NULL;
}

static void *detaches_itself(void *argument)
{
	CHECK(pthread_detach(pthread_self()) == 0);
	sem_post(argument);
	return NULL;
}

static void detaching(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	sem_init(&finished, 0, 0);
	CHECK(pthread_attr_init(&attributes) == 0);
	CHECK(pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0);
	for (int i = 0; i < 200; i++) {
		CHECK(pthread_create(&thread, &attributes, posts, &finished) == 0);
		sem_wait(&finished);
	}
	pthread_attr_destroy(&attributes);
	CHECK(pthread_create(&thread, NULL, posts, &finished) == 0 && pthread_detach(thread) == 0);
	sem_wait(&finished);
	CHECK(pthread_create(&thread, NULL, detaches_itself, &finished) == 0);
	sem_wait(&finished);
}

static void *uses_stack(void *argument)
{
	volatile char large[400000];
	large[0] = large[sizeof large - 1] = 1;
	(void)argument;
	return (void *)(intptr_t)(large[0] + large[sizeof large - 1]);
}

static void attributes(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	void *result, *stack;
	size_t size;
	pthread_attr_init(&attributes);
	CHECK(pthread_attr_setstacksize(&attributes, 1 << 20) == 0);
	CHECK(pthread_attr_getstacksize(&attributes, &size) == 0 && size == 1 << 20);
	CHECK(pthread_attr_setstacksize(&attributes, 1) == EINVAL);
	CHECK(pthread_create(&thread, &attributes, uses_stack, NULL) == 0);
	CHECK(pthread_join(thread, &result) == 0 && (intptr_t)result == 2);
	size_t own_size = 1 << 20;
	CHECK(posix_memalign(&stack, 4096, own_size) == 0 && pthread_attr_setstack(&attributes, stack, own_size) == 0);
	CHECK(pthread_create(&thread, &attributes, uses_stack, NULL) == 0);
	CHECK(pthread_join(thread, &result) == 0 && (intptr_t)result == 2);
	free(stack);
	pthread_attr_destroy(&attributes);
	CHECK(pthread_getattr_np(pthread_self(), &attributes) == 0 && pthread_attr_getstack(&attributes, &stack, &size) == 0);
	pthread_attr_destroy(&attributes);
}

static void *sees_fresh_locals(void *argument)
{
	CHECK(local == 17 && zeroed[999] == 0 && !strcmp(aligned, "aligned") && (uintptr_t)aligned % 64 == 0);
	CHECK(points_to_local == NULL);
	local = (int)(intptr_t)argument;
	memset(zeroed, 1, sizeof zeroed);
	points_to_local = &local;
	sched_yield();
	CHECK(*points_to_local == (int)(intptr_t)argument);
	return &local;
}

static void locals(void)
{
	pthread_t threads[8];
	local = -1;
	for (intptr_t i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, sees_fresh_locals, (void *)i);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	CHECK(local == -1 && (uintptr_t)aligned % 64 == 0);
}

static void *fails_call(void *argument)
{
	(void)argument;
	errno = 0;
	close(-1);
	return (void *)(intptr_t)errno;
}

static void *tells_ids(void *argument)
{
	(void)argument;
	CHECK(gettid() != getpid() && gettid() > 0 && syscall(SYS_gettid) == gettid());
	CHECK(!pthread_equal(pthread_self(), *(pthread_t *)argument));
	return NULL;
}

static void identity(void)
{
	pthread_t thread, self = pthread_self();
	void *result;
	errno = 77;
	pthread_create(&thread, NULL, fails_call, NULL);
	CHECK(pthread_join(thread, &result) == 0 && (intptr_t)result == EBADF && errno == 77);
	CHECK(gettid() == getpid() && pthread_equal(self, pthread_self()));
	pthread_create(&thread, NULL, tells_ids, &self);
	pthread_join(thread, NULL);
	CHECK(pthread_setname_np(self, "short-name") == 0);
	CHECK(pthread_setname_np(self, "a name of more than sixteen bytes") == ERANGE);
	char name[16];
	CHECK(pthread_getname_np(self, name, sizeof name) == 0 && !strcmp(name, "short-name"));
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int initialised, destroyed;
static pthread_key_t key;

static void initialise(void)
{
	initialised++;
}

static void destroy(void *value)
{
	__atomic_add_fetch(&destroyed, (int)(intptr_t)value, __ATOMIC_RELAXED);
}

static void *uses_key(void *argument)
{
	pthread_once(&once, initialise);
	CHECK(pthread_getspecific(key) == NULL && pthread_setspecific(key, argument) == 0);
	sched_yield();
	CHECK(pthread_getspecific(key) == argument);
	if ((intptr_t)argument == 3)
		pthread_exit(NULL);
	return NULL;
}

static void keys(void)
{
	pthread_t threads[5];
	CHECK(pthread_key_create(&key, destroy) == 0);
	for (intptr_t i = 0; i < 5; i++)
		pthread_create(&threads[i], NULL, uses_key, (void *)(i + 1));
	for (int i = 0; i < 5; i++)
		pthread_join(threads[i], NULL);
	CHECK(initialised == 1 && destroyed == 15);
	CHECK(pthread_key_delete(key) == 0);
}

int main(void)
{
	joining();
	detaching();
	attributes();
	locals();
	identity();
	keys();
	return check_status();
}
