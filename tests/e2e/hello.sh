# Compiling and running a first program, in the ways a person would.
. "$ROOT/tests/e2e/functions"

cat >hello.c <<'END'
#include <stdio.h>
int main(int argc, char **argv)
{
	printf("hello from %s\n", argv[0]);
	for (int i = 1; i < argc; i++)
		printf("[%s]", argv[i]);
	puts("");
	return argc - 1;
}
END

prints '' wali-cc -o hello.wasm hello.c
prints 'hello from hello.wasm\n\n' wali-engine run hello.wasm
prints 'hello from ./hello.wasm\n\n' wali-engine ./hello.wasm
ends 3 wali-engine run hello.wasm a 'b c' ''
contains '^\[a\]\[b c\]\[\]$' stdout
ends 2 wali-engine hello.wasm --help -x
contains '^\[--help\]\[-x\]$' stdout
ends 2 wali-engine run hello.wasm run inspect
ends 1 wali-engine run hello.wasm --

# Any name and place will do.
mkdir -p 'a folder/below' && cp hello.wasm 'a folder/below/with no suffix'
prints 'hello from a folder/below/with no suffix\n\n' wali-engine 'a folder/below/with no suffix'
cd 'a folder' && run wali-engine run ../hello.wasm && cd ..
ln -s hello.wasm link
prints 'hello from link\n\n' wali-engine link
cp hello.wasm -- -dash.wasm
prints 'hello from -dash.wasm\n\n' wali-engine run -- -dash.wasm
prints 'hello from changed\n\n' wali-engine run --argv0 changed hello.wasm

# The default name of the output is clang's; optimised, debugged and stripped programs run alike.
prints '' wali-cc hello.c
prints 'hello from a.out\n\n' wali-engine a.out
for flags in -O0 -O1 -O2 -O3 -Os -Oz -g '-O2 -g' '-O2 -s' '-flto -O2' '-static' '-pthread' '-std=c99' '-fPIC'; do
	prints '' wali-cc $flags -o flags.wasm hello.c
	prints 'hello from flags.wasm\n\n' wali-engine flags.wasm
done
prints '' wali-strip flags.wasm
prints 'hello from flags.wasm\n\n' wali-engine flags.wasm

# From the standard input, and with the long name of the way out.
wali-cc -x c - -o stdin.wasm <hello.c
prints 'hello from stdin.wasm\n\n' wali-engine stdin.wasm
prints 'Hello world: 42\n' sh -c 'wali-cc "$ROOT/examples/print.c" -o p.wasm && wali-engine p.wasm'
finish
