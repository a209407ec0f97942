// What the linker was told to leave undefined is found by the check, with who asked for it.
// RUN: wali-cc -c %s -o %t/a.o
// RUN: wali-cc -c -DHELPER %s -o %t/helper.o
// RUN: wali-ar rcs %t/libhelper.a %t/helper.o
// FAIL: wali-cc %t/a.o -L%t -lhelper -Wl,--allow-undefined -o %t/a.wasm
// FAIL: wali-nm %t/a.wasm
// FAIL: wali-cc %t/a.o %t/helper.o -Wl,--unresolved-symbols=ignore-all,--import-undefined -o %t/a.wasm
// FAIL: wali-cc -DALONE %s -Wl,--allow-undefined -o %t/a.wasm
// RUN: wali-cc %t/a.o -L%t -lhelper -Wl,--allow-undefined --wali-allow-import=env::nowhere --wali-allow-import=env::neither -o %t/a.wasm
// FAIL: wali-cc --wali-check %t/a.wasm
// RUN: wali-cc --wali-check --wali-allow-import=env::nowhere --wali-allow-import=env::neither %t/a.wasm
int nowhere(void);
int neither(void);
int helper(void);

#ifdef HELPER
int helper(void)
{
	return neither();
}
#elif defined ALONE
int main(void)
{
	return nowhere();
}
#else
int main(void)
{
	return helper() + nowhere();
}
#endif
