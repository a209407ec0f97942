# Functions that call setjmp are compiled with probes, so that a handler of their faults can jump back
# into them; whatever the command looks like, and without a trace in anything else.
. "$ROOT/tests/e2e/functions"

cat >back.h <<'END'
#include <setjmp.h>
extern sigjmp_buf back;
int is_readable(volatile char *at);
END
cat >back.c <<'END'
#include "back.h"
sigjmp_buf back;
static int twice(int number)
{
	int unused;
	return 2 * number;
}
static int attempt(volatile char *at)
{
	if (sigsetjmp(back, 1))
		return 0;
	return 1 + 0 * twice(*at);
}
int is_readable(volatile char *at) { return attempt(at); }
END
cat >main.c <<'END'
#include <signal.h>
#include <stdio.h>
#include "back.h"
static void jump(int number) { siglongjmp(back, number); }
int main(int argc, char **argv)
{
	signal(SIGSEGV, jump);
	printf("%d %d\n", is_readable(argv[0]), is_readable((char *)(long)argc));
	return 0;
}
END

# Object by object, at each level; what is printed and written is that of one run.
for level in -O0 -O1 -O2 -O3 -Os; do
	ends 0 wali-cc $level -Wall -MMD -MF deps.d -MT target -c back.c
	[ "$(grep -c 'unused variable' stderr)" -eq 1 ] || wrong "warnings at $level are not printed once"
	[ "$(cat deps.d)" = "target: back.c back.h" ] || wrong "dependencies: $(cat deps.d)"
	ends 0 wali-cc $level -c main.c -o main.o
	ends 0 wali-cc main.o back.o -o program.wasm
	prints '1 0\n' wali-engine program.wasm
done
wali-nm back.o >symbols
contains 'U __sanitizer_cov_load1' symbols
wali-nm main.o >symbols
! grep -q sanitizer symbols || wrong 'probes where nothing calls setjmp'
cp back.o first.o
ends 0 wali-cc -Os -MMD -c back.c
cmp -s back.o first.o || wrong 'two runs make two objects'

# Sources to a module at once, stripped, from standard input, for other engines, put together first.
for command in 'main.c back.c' '-O2 main.c back.c -s' '-O2 -Wl,--strip-all main.c back.c' \
	'-O2 --wali-compat back.c main.c -Wl,-Map=map' '-O2 main.c -I. -x c -' '-Os main.o back.o'; do
	wali-cc $command -w -o program.wasm <back.c 2>stderr || wrong "wali-cc $command"
	case $command in
	*compat*) ;;
	*) prints '1 0\n' wali-engine program.wasm ;;
	esac
done
wali-cc -w -O2 main.c back.c -o - >program.wasm || wrong 'no module on standard output'
prints '1 0\n' wali-engine program.wasm
wali-cc -w -O2 -I. -c -x c - -o back.o <back.c || wrong 'no object from standard input'
ends 0 wali-cc -r main.o back.c -o both.o
ends 0 wali-cc both.o -o program.wasm
prints '1 0\n' wali-engine program.wasm

# The command is told; a failure of the first run is one.
ends 0 wali-cc --wali-explain -w -c back.c
contains 'again, with probes in what calls setjmp: attempt' stderr
ends 1 wali-cc -Werror -Wall -c back.c -o none.o
[ ! -e none.o ] || wrong 'an object in spite of an error'

# What has none: on request, where libc is left out, what is not yet code, coverage of the user's.
for command in '--wali-no-probes -c' '-ffreestanding -c' '-nostdlib -c' '-S' \
	'-fsanitize-coverage=trace-stores -Xclang -fsanitize-coverage-type=1 -c'; do
	ends 0 wali-cc -w $command back.c -o output
	! grep -q __sanitizer_cov_load output || wrong "probes with $command"
done
ends 0 wali-cc -w --wali-no-probes main.c back.c -o program.wasm
run wali-engine program.wasm
[ $status -ne 0 ] || wrong 'a jump into the faulting function without probes'

# setjmp without sigsetjmp is for errors of other kinds where no handler is in sight.
sed 's/sigsetjmp(back, 1)/setjmp(back)/' back.c >plain.c
ends 0 wali-cc -w -c plain.c
! grep -q __sanitizer_cov_load plain.o || wrong 'probes for a mere setjmp'
ends 0 wali-cc -w -c --wali-all-probes plain.c
contains __sanitizer_cov_load plain.o
ends 0 wali-cc -w main.c plain.c -o program.wasm
prints '1 0\n' wali-engine program.wasm
finish
