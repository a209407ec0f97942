;; Sends itself SIGTERM.
(module
  (import "wali" "__proc_exit" (func $exit (param i32)))
  (import "wali" "SYS_getpid" (func $getpid (result i64)))
  (import "wali" "SYS_kill" (func $kill (param i32 i32) (result i64)))
  (memory (export "memory") 1 1 shared)
  (func (export "_start")
    (drop (call $kill (i32.wrap_i64 (call $getpid)) (i32.const 15)))
    (call $exit (i32.const 1))))
