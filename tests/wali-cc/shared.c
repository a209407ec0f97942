// Shared libraries are refused with a reason; what only goes with them is not in the way.
// FAIL: wali-cc -shared -fPIC %s -o %t/liba.so
// FAIL: wali-cc -Wl,-shared %s -o %t/liba.so
// FAIL: wali-cc -fsanitize=address %s -o %t/a.wasm
// RUN: wali-cc -fsanitize=undefined -fsanitize-trap=undefined -O1 %s -o %t/a.wasm
// RUN: wali-cc -shared -fPIC -c %s -o %t/a.o
// RUN: wali-cc -rdynamic -pie -Wl,-rpath,/x,-soname,a,--as-needed,-z,relro,-z,now -Wl,-E %t/a.o -lgcc -ldl -lpthread -lm -o %t/a.wasm
int main(int argc, char **argv)
{
	return argc << argc;
}
