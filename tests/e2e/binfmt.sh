# The kernel runs modules by itself once they are registered. It happens in namespaces of their own,
# so that the machine stays as it is.
. "$ROOT/tests/e2e/functions"

ends 0 "$XTASK" binfmt register --persistent --print --engine /opt/wali-engine
contains ':wali:M::.x00asm.x01.x00.x00.x00::/opt/wali-engine:PF' stdout
contains '/etc/binfmt.d/wali.conf' stdout
ends 0 "$XTASK" binfmt unregister --print
contains 'echo -1' stdout
fails 2 'possible values' "$XTASK" binfmt nosuchaction
fails 1 'no such file' "$XTASK" binfmt register --engine absent

mounting='mount -t proc proc /proc && mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc'
if ! unshare --user --map-root-user --mount --pid --fork sh -c "$mounting" >why 2>&1; then
	[ $failures -eq 0 ] || finish
	echo "this machine does not let binfmt_misc be mounted: $(tail -n 1 why)"
	exit 77
fi

cat >show.c <<'END'
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	char name[17] = {0};
	FILE *comm = fopen("/proc/self/comm", "r");
	if (!comm || !fgets(name, sizeof name, comm))
		return 1;
	name[strcspn(name, "\n")] = 0;
	printf("%s:", name);
	for (int i = 0; i < argc; i++)
		printf(" <%s>", argv[i]);
	putchar('\n');
	return 5;
}
END
wali-cc -O2 -o show.wasm show.c
chmod +x show.wasm
cp show.wasm plain-name
printf '#!%s/plain-name of a script\n' "$PWD" >script
chmod +x script
printf '\0asm\15\0\1\0' >component
chmod +x component
cat >inside <<'END'
mount -t proc proc /proc
"$XTASK" binfmt status --folder conf && echo 'WRONG: registered from the start'
"$XTASK" binfmt register --persistent --folder conf --engine "$(command -v wali-engine)" || exit 1
"$XTASK" binfmt register --folder conf --engine "$(command -v wali-engine)" || exit 1
"$XTASK" binfmt status --folder conf || exit 1
./show.wasm a 'b c' --help run
echo "status $?"
bash -c 'exec -a "another name" ./plain-name --strace x'
./script further
find . -name plain-name -exec {} found \;
env -i ./plain-name
./component 2>/dev/null
echo "component $?"
cat conf/wali.conf
"$XTASK" binfmt unregister --persistent --folder conf || exit 1
"$XTASK" binfmt unregister || exit 1
"$XTASK" binfmt status --folder conf && echo 'WRONG: still registered'
./plain-name 2>/dev/null
echo "unregistered $?"
exit 0
END
run unshare --user --map-root-user --mount --pid --fork sh ./inside
[ $status -eq 0 ] || wrong "status $status"
contains '^show.wasm: <./show.wasm> <a> <b c> <--help> <run>$' stdout
contains '^status 5$' stdout
contains '^plain-name: <another name> <--strace> <x>$' stdout
contains "^(script|plain-name): <$PWD/plain-name> <of a script> <./script> <further>\$" stdout
contains '^plain-name: <./plain-name> <found>$' stdout
contains '^plain-name: <./plain-name>$' stdout
contains '^component 126$' stdout
contains '^:wali:M:.*:PF$' stdout
contains '^registered: ' stdout
contains '^at each start: by conf/wali.conf' stdout
contains '^not registered' stdout
contains '^unregistered 126$' stdout
grep WRONG stdout && wrong 'see above'
finish
