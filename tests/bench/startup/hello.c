/* The smallest useful program; the runner times it as a whole. */
#include <stdio.h>

int main(void)
{
	puts("hello");
	return 0;
}
