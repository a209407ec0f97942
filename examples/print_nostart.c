// A module without main: the host sets the C library up, then calls the functions it likes.
//
//     wali-cc -mexec-model=reactor print_nostart.c -o print_nostart.wasm
//     wali-engine run --invoke print print_nostart.wasm
//
// The start file for this model exports `_initialize`. A host that looks for `__wali_startup` and
// `__wali_cleanup` instead gets them from
//
//     wali-cc -nostartfiles -Wl,--no-entry,--export=__wali_startup print_nostart.c

#include <stdio.h>

__attribute__((export_name("print"))) void print(void)
{
	printf("Hello world: %d\n", 42);
	fflush(stdout);
}
