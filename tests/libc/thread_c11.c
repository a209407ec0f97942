/* <threads.h> and <stdatomic.h>. */
#include "check.h"
#include <stdatomic.h>
#include <stdint.h>
#include <threads.h>
#include <time.h>

static mtx_t mutex;
static cnd_t condition;
static tss_t slot;
static once_flag flag = ONCE_FLAG_INIT;
static atomic_int once_calls, freed;
static thread_local int own = 3;
static int go;

static void once_function(void)
{
	once_calls++;
}

static void release(void *value)
{
	freed += (int)(intptr_t)value;
}

static int work(void *argument)
{
	call_once(&flag, once_function);
	own += (int)(intptr_t)argument;
	tss_set(slot, argument);
	mtx_lock(&mutex);
	while (!go)
		cnd_wait(&condition, &mutex);
	mtx_unlock(&mutex);
	thrd_yield();
	if (tss_get(slot) != argument)
		return -1;
	if (own % 2)
		thrd_exit(own);
	return own;
}

static void threads(void)
{
	thrd_t list[4];
	CHECK(mtx_init(&mutex, mtx_plain) == thrd_success && cnd_init(&condition) == thrd_success);
	CHECK(tss_create(&slot, release) == thrd_success);
	for (intptr_t i = 0; i < 4; i++)
		CHECK(thrd_create(&list[i], work, (void *)(i + 1)) == thrd_success);
	mtx_lock(&mutex);
	go = 1;
	cnd_broadcast(&condition);
	mtx_unlock(&mutex);
	for (int i = 0; i < 4; i++) {
		int result;
		CHECK(thrd_join(list[i], &result) == thrd_success && result == 4 + i);
	}
	CHECK(once_calls == 1 && freed == 10 && own == 3);
	mtx_t timed;
	CHECK(mtx_init(&timed, mtx_timed | mtx_recursive) == thrd_success && mtx_lock(&timed) == thrd_success);
	CHECK(mtx_trylock(&timed) == thrd_success && mtx_unlock(&timed) == thrd_success);
	CHECK(thrd_sleep(&(struct timespec){0, 1000000}, NULL) == 0);
	CHECK(thrd_equal(thrd_current(), thrd_current()));
}

static _Atomic int64_t wide;
static _Atomic int8_t narrow;
static _Atomic uint16_t middle;
static atomic_flag lock_flag = ATOMIC_FLAG_INIT;
static long guarded;
static _Atomic struct pair {
	int a, b;
} pair;

static int adds(void *argument)
{
	for (int i = 0; i < 10000; i++) {
		atomic_fetch_add(&wide, 3);
		atomic_fetch_add_explicit(&narrow, 1, memory_order_relaxed);
		atomic_fetch_sub(&middle, 1);
		while (atomic_flag_test_and_set_explicit(&lock_flag, memory_order_acquire))
			;
		guarded++;
		atomic_flag_clear_explicit(&lock_flag, memory_order_release);
		struct pair old = atomic_load(&pair), new;
		do {
			new = (struct pair){old.a + 1, old.b - 1};
		} while (!atomic_compare_exchange_weak(&pair, &old, new));
	}
	return (int)(intptr_t)argument;
}

static void atomics(void)
{
	thrd_t list[4];
	for (int i = 0; i < 4; i++)
		thrd_create(&list[i], adds, NULL);
	for (int i = 0; i < 4; i++)
		thrd_join(list[i], NULL);
	struct pair end = pair;
	CHECK(wide == 120000 && narrow == (int8_t)40000 && middle == (uint16_t)-40000 && guarded == 40000);
	CHECK(end.a == 40000 && end.b == -40000);
	atomic_int value = 12;
	int expected = 11;
	CHECK(!atomic_compare_exchange_strong(&value, &expected, 20) && expected == 12);
	CHECK(atomic_compare_exchange_strong(&value, &expected, 20) && atomic_exchange(&value, 6) == 20);
	CHECK(atomic_fetch_or(&value, 9) == 6 && atomic_fetch_and(&value, 5) == 15 && atomic_fetch_xor(&value, 1) == 5 && value == 4);
	CHECK(atomic_is_lock_free(&value) && atomic_is_lock_free(&wide));
	atomic_thread_fence(memory_order_seq_cst);
	atomic_signal_fence(memory_order_seq_cst);
	_Atomic double real = 1.5;
	real += 2;
	CHECK(real == 3.5);
}

int main(void)
{
	threads();
	atomics();
	return check_status();
}
