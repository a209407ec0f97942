# wali-cc as the compiler of make, configure scripts and CMake, without further flags.
. "$ROOT/tests/e2e/functions"

mkdir library
cat >library/sum.c <<'END'
#include "sum.h"
int sum(int a, int b) { return a + b; }
END
echo 'int sum(int a, int b);' >library/sum.h
cat >main.c <<'END'
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include "sum.h"
static void *run(void *argument) { return argument; }
int main(void)
{
	pthread_t thread;
	void *result;
	if (pthread_create(&thread, NULL, run, (void *)5) || pthread_join(thread, &result))
		return 1;
	printf("%d %.0f %d\n", sum(20, 22), sqrt(81), result == (void *)5);
	return 0;
}
END

# A makefile with a library, dependencies and the usual variables.
cat >Makefile <<'END'
CFLAGS = -O2 -g -Wall -Ilibrary -MMD -MP
LDLIBS = -lm -lpthread
program: main.o libsum.a
	$(CC) $(LDFLAGS) -o $@ main.o -L. -lsum $(LDLIBS)
libsum.a: library/sum.o
	$(AR) rcs $@ $^
	$(RANLIB) $@
-include main.d library/sum.d
END
ends 0 make -s CC=wali-cc AR=wali-ar RANLIB=wali-ranlib
prints '42 9 1\n' wali-engine program
contains 'library/sum.h' main.d
touch library/sum.h
run make CC=wali-cc AR=wali-ar RANLIB=wali-ranlib
contains '-c' stdout
contains ' T sum' /dev/stdin <<END
$(wali-nm libsum.a)
END

# What a configure script asks of a compiler.
echo 'int main(void) { return 0; }' >conftest.c
ends 0 wali-cc --version
ends 0 wali-cc -v
ends 0 wali-cc -dumpmachine
contains '^wasm32-' stdout
ends 0 wali-cc -print-prog-name=ld
ends 0 wali-cc -E conftest.c
ends 0 wali-cc conftest.c -o conftest
echo 'int main(void) { return no_such_function(); }' >conftest.c
ends 1 wali-cc -o conftest conftest.c
echo '#include <no_such_header.h>' >conftest.c
ends 1 wali-cc -c conftest.c
printf '#include <stdio.h>\nint main(void) { FILE *f = fopen("conftest.out", "w"); return ferror(f) || fclose(f) != 0; }\n' >conftest.c
ends 0 wali-cc -o conftest conftest.c
ends 0 wali-engine conftest
[ -e conftest.out ] || wrong 'the program made no file'

# With a line that names the engine, a module is a program for whoever starts programs.
printf '#include <stdio.h>\nint main(int argc, char **argv) { printf("%%d %%s\\n", argc, argv[argc - 1]); return 5; }\n' >conftest.c
ends 0 wali-cc --wali-run-line -O2 -o conftest conftest.c
ends 5 ./conftest --help
contains '^2 --help$' stdout
ends 5 wali-engine conftest last
contains '^2 last$' stdout
ends 0 wali-cc -o conftest conftest.c
# Without it some take the file for a script of the shell, others for nothing.
run env ./conftest
[ $status -ne 5 ] || wrong 'a module without the line is a program'

# CMake, where it is installed.
if command -v cmake >/dev/null; then
	cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.10)
project(sum C)
add_library(sum STATIC library/sum.c)
target_include_directories(sum PUBLIC library)
add_executable(main main.c)
target_link_libraries(main sum m)
END
	ends 0 cmake -S . -B cmake-build -DCMAKE_C_COMPILER=wali-cc -DCMAKE_BUILD_TYPE=Release
	ends 0 cmake --build cmake-build
	prints '42 9 1\n' wali-engine cmake-build/main
fi

# Several sources, a response file, an assembly listing, from another folder.
ends 0 wali-cc main.c library/sum.c -Ilibrary -lm -o several.wasm
prints '42 9 1\n' wali-engine several.wasm
printf '%s\n' '-Ilibrary main.c' '"library/sum.c" -lm' '-o response.wasm' >arguments
ends 0 wali-cc @arguments
prints '42 9 1\n' wali-engine response.wasm
ends 0 wali-cc -S -O2 library/sum.c -o sum.s
contains 'i32.add' sum.s
(cd library && run wali-cc -I. -c ../main.c -o main.o && [ -e main.o ]) || wrong 'compiling from another folder'
fails 1 'shared' wali-cc -shared -fPIC library/sum.c -o libsum.so
finish
