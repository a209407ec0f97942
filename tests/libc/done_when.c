/* A long double printed, a longjmp back to main, and 3 returned. */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>

static jmp_buf start;

static void work(long double value)
{
	printf("sqrt(%Lg) = %.10Lf\n", value, sqrtl(value));
	longjmp(start, (int)value);
}

int main(void)
{
	int thrown = setjmp(start);
	if (!thrown)
		work(2.25L);
	printf("thrown back with %d\n", thrown);
	return 3;
}
