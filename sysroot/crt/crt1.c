/* The start of a program: crt1.o, and crt1-command.o for tools that look for that name. */

int __main_void(void);
void __wali_start(int (*main)(void));

__attribute__((export_name("_start"))) void _start(void)
{
	__wali_start(__main_void);
}
