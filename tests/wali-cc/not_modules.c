// --wali-check says what a file is not.
// FAIL: wali-cc --wali-check %s
// FAIL: wali-cc --wali-check %t
// FAIL: wali-cc --wali-check %t/nothing.wasm
// FAIL: wali-cc --wali-check data/empty.wasm
// FAIL: wali-cc --wali-check data/magic_only.wasm
// FAIL: wali-cc --wali-check data/truncated.wasm
// FAIL: wali-cc --wali-check data/component.wasm
// FAIL: wali-cc --wali-check
// FAIL: wali-cc --wali-check --frobnicate
// RUN: wali-cc -c %s -o %t/a.o
// FAIL: wali-cc --wali-check %t/a.o
int main(void)
{
	return 0;
}
