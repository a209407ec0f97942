# The examples do what their comments and the README say.
. "$ROOT/tests/e2e/functions"

prints '' wali-cc -O2 -o print.wasm "$ROOT/examples/print.c"
prints 'Hello world: 42\n' wali-engine run print.wasm
prints '' wali-cc -mexec-model=reactor -o nostart.wasm "$ROOT/examples/print_nostart.c"
prints 'Hello world: 42\n' wali-engine run --invoke print nostart.wasm
fails 126 '_start' wali-engine run nostart.wasm
prints '' wali-cc -nostartfiles -Wl,--no-entry -o customstart.wasm "$ROOT/examples/print_customstart.c"
prints 'Hello world: 42\n' wali-engine run --invoke print customstart.wasm
run wali-engine inspect print.wasm
[ $status -eq 0 ] || wrong 'inspect fails'
contains 'SYS_writev' stdout
contains 'memory' stdout
finish
