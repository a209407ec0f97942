// C++ waits for its library, and says so.
// FAIL: wali-c++ %s -o %t/a.wasm
int main()
{
}
