// A module that brings its own start routine, without the C library's.
//
//     wali-cc -nostartfiles -Wl,--no-entry print_customstart.c -o print_customstart.wasm
//     wali-engine run --invoke print print_customstart.wasm
//
// Nothing of the C library is set up here, so only system calls may be used: no stdio, no malloc,
// no errno.

__attribute__((import_module("wali"), import_name("__init"))) int wali_init(void);
__attribute__((import_module("wali"), import_name("SYS_write")))
long long wali_write(int descriptor, const void *bytes, unsigned count);

static int started;

__attribute__((export_name("_initialize"))) void start(void)
{
	started = wali_init() == 0;
}

__attribute__((export_name("print"))) void print(void)
{
	static const char text[] = "Hello world: 42\n";

	if (started)
		wali_write(1, text, sizeof text - 1);
}
