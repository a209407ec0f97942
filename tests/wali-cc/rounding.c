// A long is 64 bits wide, and so are the results of the functions that round to it.
// RUN: wali-cc -O0 %s -o %t/a.wasm
// RUN: wali-cc -O2 %s -o %t/a.wasm
// RUN: wali-cc -O2 -flto %s -o %t/a.wasm
// RUN: wali-cc -O2 -ffast-math %s -o %t/a.wasm
#include <math.h>

int main(int argc, char **argv)
{
	double d = argc;
	float f = argc;
	long double l = argc;
	long sum = lrint(d) + lrintf(f) + lrintl(l) + lround(d) + lroundf(f) + lroundl(l);
	return (int)(sum >> 32);
}
