// The start routine is the one that was asked for, or none.
// FAIL: wali-cc -nostartfiles %s -o %t/a.wasm
// RUN: wali-cc -nostartfiles -Wl,--no-entry %s -o %t/a.wasm
// FAIL: wali-cc --wali-check %t/a.wasm
// RUN: wali-cc --wali-check --no-entry %t/a.wasm
// RUN: wali-cc -nostartfiles -Wl,--entry=go %s -o %t/a.wasm
// FAIL: wali-cc -nostartfiles -Wl,--entry=takes_one %s -o %t/a.wasm
// RUN: wali-cc -mexec-model=reactor %s -o %t/a.wasm
void go(void)
{
}

void takes_one(int i)
{
}
