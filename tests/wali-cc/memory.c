// A module brings a shared memory with a maximum and exports it.
// FAIL: wali-cc %s -Wl,--import-memory -o %t/a.wasm
// FAIL: wali-cc %s -Wl,--export-memory=other -o %t/a.wasm
// RUN: wali-cc %s -Wl,--max-memory=67108864,-z,stack-size=65536 -o %t/a.wasm
int main(void)
{
	return 0;
}
