;; A module of an older toolchain: older names of the start imports, setjmp and sigsetjmp imported,
;; memory not shared and without a maximum, its own exports for the size of the memory.
(module
  (import "wali" "__call_ctors" (func $ctors))
  (import "wali" "__call_dtors" (func $dtors))
  (import "wali" "__proc_exit" (func $exit (param i32)))
  (import "wali" "setjmp" (func $setjmp (param i32) (result i32)))
  (import "wali" "sigsetjmp" (func $sigsetjmp (param i32 i32) (result i32)))
  (import "wali" "longjmp" (func $longjmp (param i32 i32)))
  (memory (export "memory") 2)
  (func $grow (export "__wasm_memory_grow") (param i32) (result i32)
    (memory.grow (local.get 0)))
  (func $size (export "__wasm_memory_size") (result i32)
    (memory.size))
  (func (export "_start")
    (call $ctors)
    ;; Both answer as if they returned for the first time.
    (if (call $setjmp (i32.const 1024)) (then unreachable))
    (if (call $sigsetjmp (i32.const 1024) (i32.const 1)) (then unreachable))
    ;; 2 pages become 5; the new ones are there to be used.
    (if (i32.ne (call $size) (i32.const 2)) (then unreachable))
    (if (i32.ne (call $grow (i32.const 3)) (i32.const 2)) (then unreachable))
    (if (i32.ne (call $size) (i32.const 5)) (then unreachable))
    (i32.store (i32.const 327676) (i32.const 1))
    (if (i32.ne (call $grow (i32.const 65536)) (i32.const -1)) (then unreachable))
    (call $dtors)
    (call $exit (i32.const 5))))
