# A module with a line before it that names the engine is a program for the kernel and for everybody.
. "$ROOT/tests/e2e/functions"

cat >show.c <<'END'
#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	if (argc > 1 && argv[1][0] == '/') {
		execv(argv[1], argv + 1);
		perror(argv[1]);
		return 127;
	}
	for (int i = 0; i < argc; i++)
		printf("<%s>\n", argv[i]);
	return 3;
}
END
wali-cc -O2 -o show.wasm show.c
engine=$(command -v wali-engine)
{ printf '#!%s\n' "$engine" && cat show.wasm; } >show
chmod +x show
ends 3 ./show a 'b c' --help
contains '^<./show>$' stdout
contains '^<b c>$' stdout
contains '^<--help>$' stdout
ends 3 env sh -c './show from a shell'
contains '^<shell>$' stdout
ends 0 find . -name show -exec {} found \;
contains '^<found>$' stdout
# With an option of the engine's, and through the search in PATH.
{ printf '#!%s run --interp\n' "$engine" && cat show.wasm; } | cat >interpreted
{ printf '#!/usr/bin/env -S wali-engine run --no-cache\n' && cat show.wasm; } >found
chmod +x found
ends 3 ./found x
contains '^<x>$' stdout
# The engine itself takes it by name, and with the line of anybody.
ends 3 wali-engine ./show x
ends 3 wali-engine interpreted x
ends 0 wali-engine inspect ./show
contains 'memory' stdout
# A module executes it with its own options, and by the name that it gives.
{ printf '#!/no/such/engine\n' && cat show.wasm; } >elsewhere
chmod +x elsewhere
ends 3 wali-engine run --strace=writev --strace-out=trace show.wasm "$PWD/elsewhere" x
contains '^<x>$' stdout
contains 'writev' trace
chmod -x elsewhere
ends 127 wali-engine show.wasm "$PWD/elsewhere"
contains 'Permission denied' stderr
# What is no module behind its first line stays a script.
printf '#!/bin/sh\nexit 9\n' >script
chmod +x script
ends 9 wali-engine show.wasm "$PWD/script"
fails 126 'script' wali-engine script
printf '#!%s\n\0asmcut' "$engine" >cut
fails 126 'version|module' wali-engine cut
finish
