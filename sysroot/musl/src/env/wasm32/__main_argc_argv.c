#include <unistd.h>
#include "libc.h"

/* The compiler gives `int main(int, char **)` the name __main_argc_argv. Only a main of three
 * parameters keeps the name main. */
int __wali_main_envp(int, char **, char **) __asm__("main");

hidden int __main_argc_argv(int argc, char **argv)
{
	return __wali_main_envp(argc, argv, __environ);
}
