// setjmp and longjmp need no import, whatever the optimisation and wherever code is generated.
// RUN: wali-cc -O0 %s -o %t/a.wasm
// RUN: wali-cc -O2 %s -o %t/a.wasm
// RUN: wali-cc -O2 -flto %s -o %t/a.wasm
// RUN: wali-cc -S -O2 %s -o %t/a.s
// RUN: wali-cc %t/a.s -o %t/a.wasm
// RUN: wali-cc -O2 --wali-compat %s -o %t/a.wasm
// RUN: wali-cc --wali-check --wali-compat %t/a.wasm
#include <setjmp.h>

static jmp_buf place;

__attribute__((noinline)) static void leave(int value)
{
	longjmp(place, value);
}

int main(void)
{
	int value = setjmp(place);
	if (value == 0)
		leave(3);
	return value;
}
