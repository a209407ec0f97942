# A program compiled with --coverage counts its lines and writes for gcov when it ends.
. "$ROOT/tests/e2e/functions"

cat >branches.c <<'END'
#include <stdio.h>
static int is_large(int number)
{
	if (number > 2)
		return 1;
	return 0;
}
int main(void)
{
	int sum = 0;
	for (int i = 0; i < 5; i++)
		sum += is_large(i);
	printf("%d\n", sum);
	return 0;
}
END
ends 0 wali-cc -O0 --coverage -c branches.c -o branches.o
[ -s branches.gcno ] || wrong 'the compiler made no notes'
ends 0 wali-cc --coverage branches.o -o branches.wasm
prints '2\n' wali-engine branches.wasm
prints '2\n' wali-engine branches.wasm
[ -s branches.gcda ] || wrong 'the program wrote no figures'
# The two runs add up.
LLVM=$(dirname "$(readlink -f "$(wali-cc -print-prog-name=clang)")")
ends 0 "$LLVM/llvm-cov" gcov -t branches.gcda
contains ' 4: +5:.*return 1' stdout
contains ' 6: +6:.*return 0' stdout

# clang would look for the writer in its own folder, so compiling and linking are two commands.
fails 1 'compile with -c first' wali-cc -fprofile-arcs -ftest-coverage branches.c -o direct.wasm
ends 0 wali-cc -fprofile-arcs -ftest-coverage branches.o -o linked.wasm
prints '2\n' wali-engine linked.wasm

finish
