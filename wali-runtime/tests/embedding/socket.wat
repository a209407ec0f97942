;; Opens a socket. The exit status is the error, 0 without one.
(module
  (import "wali" "__proc_exit" (func $exit (param i32)))
  (import "wali" "SYS_socket" (func $socket (param i32 i32 i32) (result i64)))
  (memory (export "memory") 1 1 shared)
  (func (export "_start")
    (local $fd i32)
    (local.set $fd (i32.wrap_i64 (call $socket (i32.const 1) (i32.const 1) (i32.const 0))))
    (call $exit
      (select
        (i32.const 0) (i32.sub (i32.const 0) (local.get $fd)) (i32.ge_s (local.get $fd) (i32.const 0))))))
