#include "stdio_impl.h"
#include "libc.h"
#include "wali_imports.h"
#include "wali_start.h"

/* For modules without main, whose functions the host calls: the host calls these two before and
 * after. */
__attribute__((export_name("__wali_startup"))) void __wali_startup(void)
{
	__wali_set_up();
}

__attribute__((export_name("__wali_cleanup"))) void __wali_cleanup(void)
{
	__funcs_on_exit();
	__stdio_exit();
	__wali_deinit();
}
