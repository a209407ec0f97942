;; Executes the program that its first argument names. The exit status is the error.
(module
  (import "wali" "__cl_copy_argv" (func $copy (param i32 i32) (result i32)))
  (import "wali" "__proc_exit" (func $exit (param i32)))
  (import "wali" "SYS_execve" (func $execve (param i32 i32 i32) (result i64)))
  (memory (export "memory") 1 1 shared)
  (func (export "_start")
    (if (call $copy (i32.const 1024) (i32.const 1)) (then unreachable))
    (i32.store (i32.const 512) (i32.const 1024))
    (call $exit
      (i32.sub
        (i32.const 0)
        (i32.wrap_i64 (call $execve (i32.const 1024) (i32.const 512) (i32.const 0)))))))
