# What is not a program for this engine is refused with a clear message and a status as a shell's.
. "$ROOT/tests/e2e/functions"

echo 'int main(void) { return 0; }' >good.c
wali-cc -o good.wasm good.c
size=$(wc -c <good.wasm)

fails 127 'absent.wasm.*No such file' wali-engine run absent.wasm
fails 127 'absent.wasm.*No such file' wali-engine absent.wasm
fails 126 '[Dd]irectory' wali-engine run .
fails 126 'empty.wasm.*not a WebAssembly module' sh -c ': >empty.wasm; wali-engine empty.wasm'
fails 126 'text.*not a WebAssembly module' sh -c 'echo "just a text" >text; wali-engine text'
fails 126 'not a WebAssembly module' wali-engine good.c
fails 126 'short.wasm' sh -c 'printf "\\0as" >short.wasm; wali-engine short.wasm'
fails 126 'version' sh -c 'printf "\\0asm\\2\\0\\0\\0" >version.wasm; wali-engine version.wasm'
fails 126 'component|version' sh -c 'printf "\\0asm\\15\\0\\1\\0" >component.wasm; wali-engine component.wasm'
fails 126 'minimal.wasm' sh -c 'printf "\\0asm\\1\\0\\0\\0" >minimal.wasm; wali-engine minimal.wasm'
fails 126 'magic.wasm.*not a WebAssembly module' sh -c '{ printf x; tail -c +2 good.wasm; } >magic.wasm; wali-engine magic.wasm'
fails 126 'elf|ELF|not a WebAssembly module' wali-engine "$(command -v sh)"
fails 126 'not a WebAssembly module|cannot|reading' timeout 10 wali-engine /dev/null

# Cut anywhere, it is refused and nothing crashes.
for at in 8 9 20 100 500 2000 $((size / 3)) $((size / 2)) $((size - 4000)); do
	head -c "$at" good.wasm >cut.wasm
	fails 126 'cut.wasm' wali-engine cut.wasm
done

# Damaged anywhere: whatever comes of it, it is no panic and no crash of the engine's own. Where the
# program crashes, the engine says so.
for at in 10 50 200 700 1500 3000 5000 9000 $((size / 2)) $((size - 3000)); do
	{ head -c "$at" good.wasm; printf '\377\377\377'; tail -c +$((at + 4)) good.wasm; } >damaged.wasm
	run timeout 20 wali-engine damaged.wasm
	case $status in
	134 | 139) grep -q '^wali-engine: ' stderr || wrong "the engine crashed with $status, damage at $at" ;;
	esac
done

# Unreadable, where the user is not one who reads everything.
cp good.wasm secret.wasm
chmod 000 secret.wasm
if [ ! -r secret.wasm ]; then
	fails 126 '[Pp]ermission denied' wali-engine secret.wasm
fi
chmod 644 secret.wasm

# Options.
fails 2 'unknown|unexpected' wali-engine run --no-such-option good.wasm
fails 2 '[Uu]sage|required' wali-engine run
fails 2 'novalue' wali-engine run --env novalue good.wasm
fails 2 'absent.env' wali-engine run --env-file absent.env good.wasm
fails 126 'nothing_there' wali-engine run --invoke nothing_there good.wasm
ends 0 wali-engine --version
ends 0 wali-engine --help
ends 0 wali-engine run --help
ends 2 wali-engine
prints '' wali-engine good.wasm
finish
