// Every form of main is found.
// RUN: wali-cc -DPARAMETERS=void %s -o %t/a.wasm
// RUN: wali-cc -DPARAMETERS= -std=c99 %s -o %t/a.wasm
// RUN: wali-cc "-DPARAMETERS=int c, char **v" %s -o %t/a.wasm
// RUN: wali-cc "-DPARAMETERS=int c, char **v, char **e" %s -o %t/a.wasm
// FAIL: wali-cc -Dmain=other -DPARAMETERS=void %s -o %t/a.wasm
int main(PARAMETERS)
{
	return 0;
}
