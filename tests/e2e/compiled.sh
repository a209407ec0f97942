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

# Nobody writes the code that he runs: that of the program itself, or the cache's.
cat >change.c <<'END'
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *name = strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i];
		if (open(argv[i], O_RDWR) < 0 && truncate(argv[i], 0) < 0)
			printf("%s: %s\n", strlen(name) > 40 ? "entry" : name, strerror(errno));
	}
	return 0;
}
END
wali-cc -O2 -o change.wasm change.c
chmod 644 hello.cwasm
prints '' wali-engine compile change.wasm
prints 'change.cwasm: Text file busy\n' wali-engine run change.cwasm change.cwasm change.wasm hello.cwasm
run wali-engine run --cache-dir cache change.wasm
prints 'change.wasm: Text file busy\nentry: Text file busy\n' \
	sh -c 'wali-engine run --cache-dir cache change.wasm change.wasm hello.cwasm "$PWD"/cache/*.cwasm'
prints 'change.wasm: Text file busy\n' wali-engine run --no-cache change.wasm change.wasm cache/*.cwasm

finish
