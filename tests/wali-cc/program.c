// A program compiles, links and passes the check at every level of optimisation.
// RUN: wali-cc %s -o %t/a.wasm
// RUN: wali-cc -O1 %s -o %t/a.wasm
// RUN: wali-cc -O2 -g %s -o %t/a.wasm
// RUN: wali-cc -Os -s %s -o %t/a.wasm
// RUN: wali-cc -O3 -flto %s -o %t/a.wasm
// RUN: wali-cc -flto=thin %s -o %t/a.wasm
// RUN: wali-cc --wali-check %t/a.wasm
#include <stdio.h>

int main(int argc, char **argv)
{
	return printf("%s has %d arguments\n", argv[0], argc) < 0;
}
