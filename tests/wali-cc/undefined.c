// An undefined function is an error of the linker, as with other compilers.
// RUN: wali-cc -c %s -o %t/a.o
// FAIL: wali-cc %t/a.o -o %t/a.wasm
// FAIL: wali-cc %s -o %t/a.wasm
// FAIL: wali-nm %t/a.wasm
int nowhere(void);

int main(void)
{
	return nowhere();
}
