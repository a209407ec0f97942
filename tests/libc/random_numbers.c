/* Random numbers: the kernel's, and generators whose sequence a program may rely on. */
#include "check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

int main(void)
{
	unsigned char a[256] = {0}, b[256] = {0};
	CHECK(getrandom(a, sizeof a, 0) == 256 && getentropy(b, sizeof b) == 0 && memcmp(a, b, 256));
	CHECK(getrandom(a, 0, 0) == 0);
	CHECK_ERRNO(getrandom(a, 1, 0x1000), EINVAL);
	CHECK_ERRNO(getrandom((void *)16, 10, 0), EFAULT);
	CHECK_ERRNO(getentropy(a, 257), EIO);
	/* The 48-bit generators are defined by the standard. */
	srand48(1234);
	for (int i = 0; i < 5; i++)
		printf("%ld %ld %.10f ", lrand48(), mrand48(), drand48());
	unsigned short state[3] = {1, 2, 3};
	printf("%ld %ld %.10f\n", nrand48(state), jrand48(state), erand48(state));
	/* The others promise only to repeat themselves. */
	srand(7);
	int first = rand(), second = rand();
	srand(7);
	CHECK(rand() == first && rand() == second && first != second && RAND_MAX >= 32767 && first <= RAND_MAX);
	srandom(9);
	long third = random();
	srandom(9);
	CHECK(random() == third && third >= 0);
	unsigned seed = 5, again = 5;
	CHECK(rand_r(&seed) == rand_r(&again) && seed == again);
	char space[128], *old = initstate(3, space, sizeof space);
	third = random();
	setstate(old);
	random();
	initstate(3, space, sizeof space);
	CHECK(random() == third);
	setstate(old);
	return check_status();
}
