/* Given to a program that has no handlers, makes it one that has: its loops then look for signals. */
#include <signal.h>

static void bench_handler(int number)
{
	(void)number;
}

__attribute__((constructor)) static void bench_install_handler(void)
{
	signal(SIGUSR1, bench_handler);
}
