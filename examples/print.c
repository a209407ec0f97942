// Prints a line.
//
//     wali-cc print.c -o print.wasm
//     wali-engine print.wasm

#include <stdio.h>

int main(void)
{
	printf("Hello world: %d\n", 42);
	return 0;
}
