;; The instructions that wait on memory, as one thread sees them, and with an offset.
(module
  (import "wali" "__proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1 1 shared)
  (func $check (param i32 i32 i32)
    (if (i32.ne (local.get 0) (local.get 1)) (then (call $exit (local.get 2)))))
  (func (export "_start")
    (i64.store (i32.const 4096) (i64.const 0x100000002))
    ;; 1: another value. 2: the time is over.
    (call $check (memory.atomic.wait32 (i32.const 4096) (i32.const 1) (i64.const -1)) (i32.const 1) (i32.const 11))
    (call $check (memory.atomic.wait32 offset=96 (i32.const 4000) (i32.const 2) (i64.const 1000)) (i32.const 2) (i32.const 12))
    (call $check (memory.atomic.wait64 (i32.const 4096) (i64.const 2) (i64.const -1)) (i32.const 1) (i32.const 13))
    (call $check (memory.atomic.wait64 offset=8 (i32.const 4088) (i64.const 0x100000002) (i64.const 2000000)) (i32.const 2) (i32.const 14))
    (call $check (memory.atomic.notify (i32.const 4096) (i32.const 1)) (i32.const 0) (i32.const 15))
    (call $exit (i32.const 0))))
