# timeout: 300
# Programs do the same under the interpreter: signals, processes, jumps, files.
. "$ROOT/tests/e2e/functions"

for name in signal_handlers signal_interrupts signal_processes signal_jumps process spawn setjmp popen \
	waiting file_io string_edges; do
	wali-cc -O2 -pthread -o $name.wasm "$ROOT/tests/libc/$name.c" -lm
	for way in '' --interp; do
		mkdir folder
		cp $name.wasm folder/$name
		(cd folder && wali-engine run $way ./$name) >stdout 2>stderr
		echo "status $?" >>stdout
		cat stdout stderr >"out$way"
		rm -r folder
	done
	cmp -s out out--interp || {
		cp out--interp stdout
		wrong "$name does something else when it is interpreted"
	}
	contains 'status 0' out--interp
done

finish
