// The examples compile as their comments say.
// RUN: wali-cc ../../examples/print.c -o %t/a.wasm
// RUN: wali-cc -mexec-model=reactor ../../examples/print_nostart.c -o %t/a.wasm
// RUN: wali-cc -nostartfiles -Wl,--no-entry,--export=__wali_startup ../../examples/print_nostart.c -o %t/a.wasm
// RUN: wali-cc -nostartfiles -Wl,--no-entry ../../examples/print_customstart.c -o %t/a.wasm
