/* The start of a module whose functions the host calls: sets the C library up and returns. */

void __wali_startup(void);

__attribute__((export_name("_initialize"))) void _initialize(void)
{
	__wali_startup();
}
