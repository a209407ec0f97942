// A program can come from standard input, and a module can go to standard output or nowhere.
// RUN: wali-cc -x c - -o %t/a.wasm < %s
// RUN: wali-cc --wali-check %t/a.wasm
// RUN: wali-cc -x c -E -P - -o %t/a.i < %s
// RUN: wali-cc %t/a.i -o /dev/null
// RUN: wali-cc %s -o /dev/null
// FAIL: wali-cc %s -DUNDEFINED -o /dev/null
int nowhere(void);

int main(void)
{
#ifdef UNDEFINED
	return nowhere();
#endif
	return 0;
}
