// --wali-compat keeps to what other engines have; without it the same program may use more.
// RUN: wali-cc -O3 %s -o %t/a.wasm
// FAIL: wali-cc --wali-check --wali-compat %t/a.wasm
// RUN: wali-cc -O3 --wali-compat %s -o %t/a.wasm
// RUN: wali-cc --wali-check --wali-compat %t/a.wasm
// FAIL: wali-cc -O3 --wali-compat -DNEWER %s -o %t/a.wasm
// RUN: wali-cc -O3 -DNEWER %s -o %t/a.wasm
#ifdef NEWER
__attribute__((import_module("wali"), import_name("SYS_io_uring_setup")))
long long io_uring_setup(unsigned, void *);

int main(void)
{
	return io_uring_setup(0, 0);
}
#else
float a[1024], b[1024];

int main(int argc, char **argv)
{
	for (int i = 0; i < 1024; i++)
		a[i] = a[i] * b[i] + argc;
	return (int)a[argc];
}
#endif
