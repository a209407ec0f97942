// Several inputs, archives in any order, partial links and response files.
// RUN: wali-cc -c -DPART %s -o %t/part.o
// RUN: wali-cc -c %s -o %t/main.o
// RUN: wali-ar rcs %t/libpart.a %t/part.o
// RUN: wali-ranlib %t/libpart.a
// RUN: wali-cc %t/main.o %t/part.o -o %t/a.wasm
// RUN: wali-cc -L%t -lpart %t/main.o -o %t/a.wasm
// RUN: wali-cc -Wl,--start-group %t/libpart.a %t/main.o -Wl,--end-group -o %t/a.wasm
// RUN: wali-cc -r %t/main.o %t/part.o -o %t/both.o
// RUN: wali-cc %t/both.o -o %t/a.wasm
// RUN: wali-ld -r -melf_x86_64 --start-group %t/main.o %t/part.o --end-group -o %t/both.o
// FAIL: wali-ld -shared %t/main.o -o %t/liba.so
// RUN: wali-cc %t/both.o -o %t/a.wasm
// RUN: wali-cc @data/inputs.rsp -c %s -o %t/main.o
// RUN: wali-cc --wali-check %t/a.wasm
// RUN: wali-strip %t/a.wasm
// RUN: wali-cc --wali-check %t/a.wasm
int part(int);

#ifdef PART
int part(int x)
{
	return x + 1;
}
#else
int main(int argc, char **argv)
{
	return part(argc);
}
#endif
