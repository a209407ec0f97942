# Modules whose imports, memory or start the engine cannot serve: every problem in one message.
. "$ROOT/tests/e2e/functions"

cat >imports.c <<'END'
#define WALI(name) __attribute__((import_module("wali"), import_name(#name)))
WALI(SYS_openat3) long unknown_call(int);
WALI(SYS_write) int wrong_type(long);
__attribute__((import_module("env"), import_name("elsewhere"))) void other_module(void);

int main(void)
{
	other_module();
	return (int)unknown_call(1) + wrong_type(2);
}
END

# The compiler refuses it, with all three, and leaves nothing behind.
fails 1 'SYS_openat3' wali-cc -o imports.wasm imports.c
contains 'SYS_openat2|SYS_openat' stderr
contains 'SYS_write' stderr
contains 'elsewhere' stderr
contains '^help: ' stderr
[ ! -e imports.wasm ] || wrong 'a refused module was left'

# The engine refuses it too, when the compiler was told to trust the user.
wali-cc -nostartfiles -nodefaultlibs -Wl,--no-entry -c imports.c -o imports.o
prints '' wali-cc --wali-allow-import=wali::SYS_openat3 --wali-allow-import=wali::SYS_write \
	--wali-allow-import=env::elsewhere -o allowed.wasm imports.c
fails 126 'SYS_openat3' wali-engine allowed.wasm
contains 'SYS_write' stderr
contains 'elsewhere' stderr
run wali-engine inspect allowed.wasm
contains 'SYS_openat3' stdout
contains 'elsewhere' stdout

# A module without a memory, and one that has no way to start.
echo 'int add(int a, int b) { return a + b; }' >add.c
prints '' wali-cc -nostartfiles -Wl,--no-entry,--export=add -o add.wasm add.c
fails 126 '_start' wali-engine add.wasm
printf '\0asm\1\0\0\0\1\4\1\140\0\0\3\2\1\0\7\12\1\6_start\0\0\12\4\1\2\0\13' >no_memory.wasm
fails 126 'memory' wali-engine no_memory.wasm
finish
