# Compiled programs: made, run, executed by other programs.
. "$ROOT/tests/e2e/functions"

cat >hello.c <<'END'
#include <stdio.h>
int main(int argc, char **argv)
{
	printf("hello from %s, %d\n", argv[0], argc);
	return 0;
}
END
cat >start.c <<'END'
#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	execl(argv[1], "started", "x", (char *)0);
	perror("execl");
	return 1;
}
END
wali-cc -O2 -o hello.wasm hello.c
wali-cc -O2 -o start.wasm start.c

prints '' wali-engine compile hello.wasm
mkfifo pipe
fails 126 'writing pipe: it is no regular file' wali-engine compile -o pipe hello.wasm
[ -p pipe ] || wrong 'a pipe was replaced by a file'
prints 'hello from hello.cwasm, 1\n' wali-engine run hello.cwasm
prints 'hello from hello.cwasm, 2\n' wali-engine hello.cwasm x

# Programs execute compiled ones as they do modules.
chmod +x hello.cwasm
prints 'hello from started, 2\n' wali-engine run start.wasm ./hello.cwasm
prints '' wali-engine compile -o start start.wasm
prints 'hello from started, 2\n' wali-engine run ./start ./hello.cwasm
chmod -x hello.cwasm
ends 1 wali-engine run start.wasm ./hello.cwasm
contains 'Permission denied' stderr
chmod 777 hello.cwasm
fails 126 'hello.cwasm is refused: the file can be written by others' \
	wali-engine run start.wasm ./hello.cwasm

finish
