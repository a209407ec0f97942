#include "libc.h"
#include "wali_start.h"

/* `int main(void)` defines __main_void itself; for other mains this one hands the arguments on. */
int __main_argc_argv(int, char **);

hidden int __main_void(void)
{
	return __main_argc_argv(__wali_argc, __wali_argv);
}
