# Arguments and environment reach the program byte for byte, from the shell and from the options.
. "$ROOT/tests/e2e/functions"

cat >show.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static void show(const char *text)
{
	size_t length = strlen(text);
	if (length > 100) {
		printf("%zu bytes\n", length);
		return;
	}
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			printf("<%02x>", (unsigned char)*text);
		else
			putchar(*text);
	putchar('\n');
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "get")) {
		char *value = getenv(argv[2]);
		show(value ? value : "(none)");
	} else if (argc == 2 && !strcmp(argv[1], "all")) {
		for (char **e = environ; *e; e++)
			show(*e);
	} else
		for (int i = 1; i < argc; i++)
			show(argv[i]);
	return 0;
}
END
wali-cc -o show.wasm show.c

prints 'a\n\nb c\n<0a>x<0a>\n' wali-engine show.wasm a '' 'b c' '
x
'
bytes=$(printf '\377\376\001\200')
prints '<ff><fe><01><80>\n' wali-engine show.wasm "$bytes"
prints '<c3><a4>\n' wali-engine show.wasm 'ä'
long=$(printf '%0130000d' 0)
prints '130000 bytes\n' wali-engine show.wasm "$long"
prints '130000 bytes\n130000 bytes\n130000 bytes\n130000 bytes\n130000 bytes\n130000 bytes\n130000 bytes\n130000 bytes\n' \
	wali-engine show.wasm "$long" "$long" "$long" "$long" "$long" "$long" "$long" "$long"

export VALUE='with
a newline' EMPTY= BYTES="$bytes" LONG="$long"
prints 'with<0a>a newline\n' wali-engine show.wasm get VALUE
prints '\n' wali-engine show.wasm get EMPTY
prints '<ff><fe><01><80>\n' wali-engine show.wasm get BYTES
prints '130000 bytes\n' wali-engine show.wasm get LONG
prints '(none)\n' wali-engine show.wasm get ABSENT
prints 'new\n' wali-engine run --env VALUE=new show.wasm get VALUE
prints 'a=b\n' wali-engine run --env 'OTHER=a=b' show.wasm get OTHER
prints '\n' wali-engine run --env EMPTY2= show.wasm get EMPTY2
prints '(none)\n' wali-engine run --clean-env show.wasm get VALUE
prints 'ONE=1\nTWO=2\n' wali-engine run --clean-env --env ONE=1 --env TWO=2 show.wasm all
prints '' wali-engine run --clean-env show.wasm all
prints '<ff>\n' wali-engine run --env "RAW=$(printf '\377')" show.wasm get RAW

printf 'FILE=from a file\nWITH=a=b\n' >lines.env
prints 'FILE=from a file\nWITH=a=b\n' wali-engine run --clean-env --env-file lines.env show.wasm all
prints 'from the option\n' wali-engine run --env-file lines.env --env 'FILE=from the option' show.wasm get FILE
{ printf 'HUGE='; head -c 1000000 /dev/zero | tr '\0' h; printf '\n'; } >huge.env
prints '1000000 bytes\n' wali-engine run --env-file huge.env show.wasm get HUGE
printf 'NUL=ends\nhere\000SECOND=2\000' >nul.env
prints 'ends<0a>here\n' wali-engine run --env-file nul.env show.wasm get NUL

# Handed on to children, native ones too.
cat >child.c <<'END'
#include <stdlib.h>
int main(void)
{
	return system("printf '%s' \"$VALUE\" | wc -l | tr -d ' '; exit 5") >> 8;
}
END
wali-cc -o child.wasm child.c
ends 5 wali-engine child.wasm
contains '^1$' stdout
finish
