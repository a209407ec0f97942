# Programs that start each other: modules and native programs, scripts, the search in PATH.
. "$ROOT/tests/e2e/functions"

cat >start.c <<'END'
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	printf("%s has %d arguments\n", strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0], argc - 1);
	fflush(stdout);
	if (argc < 2)
		return 7;
	pid_t child = fork();
	if (child == 0) {
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	int status;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
END
wali-cc -O2 -o start.wasm start.c
chmod +x start.wasm
ends 7 wali-engine start.wasm ./start.wasm ./start.wasm
contains '^start.wasm has 2 arguments$' stdout
contains '^start.wasm has 1 arguments$' stdout
contains '^start.wasm has 0 arguments$' stdout
ends 3 wali-engine start.wasm sh -c 'exit 3'
ends 127 wali-engine start.wasm no-such-program-anywhere
mkdir tools && cp start.wasm tools/tool && chmod +x tools/tool
PATH=$PATH:$PWD/tools
ends 7 wali-engine start.wasm tool
# The kernel gives a script's interpreter one argument and the script's own path.
cat >count.c <<'END'
int main(int argc, char **argv)
{
	return argc;
}
END
wali-cc -o count.wasm count.c
chmod +x count.wasm
printf '#!%s/count.wasm one argument\n' "$PWD" >script
chmod +x script
ends 4 wali-engine start.wasm ./script further
printf '#!/bin/sh\nexit 9\n' >native_script
chmod +x native_script
ends 9 wali-engine start.wasm ./native_script
finish
