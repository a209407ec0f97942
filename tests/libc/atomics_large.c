// skip-native: gcc and clang keep these functions in libatomic
/* Atomic objects of sizes no instruction handles. */
#include "check.h"
#include <pthread.h>
#include <stdint.h>
#include <string.h>

struct large {
	long a, b, c;
};

static _Atomic struct large value;

static void *adds(void *argument)
{
	for (int i = 0; i < 5000; i++) {
		struct large old = value, new;
		do {
			CHECK(old.a == old.b && old.b == old.c);
			new = (struct large){old.a + 1, old.b + 1, old.c + 1};
		} while (!__c11_atomic_compare_exchange_weak(&value, &old, new, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	}
	return argument;
}

int main(void)
{
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, adds, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	struct large end = __c11_atomic_exchange(&value, ((struct large){0, 0, 0}), __ATOMIC_SEQ_CST);
	printf("%ld %ld %ld\n", end.a, end.b, end.c);
	return check_status();
}
