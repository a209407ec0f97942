// Imports of the interface are checked by name and type, with the nearest name.
// RUN: wali-cc -c %s -o %t/a.o
// FAIL: wali-cc %t/a.o -o %t/a.wasm
// FAIL: wali-cc %t/a.o --wali-allow-import=wali::SYS_openat3 -o %t/a.wasm
#define IMPORT(name) __attribute__((import_module("wali"), import_name(name)))

IMPORT("SYS_openat3") long long openat3(int, const char *, int, int);
IMPORT("SYS_write") long long short_write(int, const char *);
IMPORT("SYS_getpid") long long right(void);
__attribute__((import_module("elsewhere"), import_name("f"))) int elsewhere(int);

int main(void)
{
	return openat3(0, "", 0, 0) + short_write(1, "") + right() + elsewhere(1);
}
