;; Writes its arguments, each with its NUL, then the path of its environment's file.
(module
  (import "wali" "__cl_get_argc" (func $argc (result i32)))
  (import "wali" "__cl_get_argv_len" (func $len (param i32) (result i32)))
  (import "wali" "__cl_copy_argv" (func $copy (param i32 i32) (result i32)))
  (import "wali" "__proc_exit" (func $exit (param i32)))
  (import "wali" "SYS_write" (func $write (param i32 i32 i32) (result i64)))
  (memory (export "memory") 64 64 shared)
  (func (export "_start")
    (local $i i32) (local $n i32)
    (local.set $n (call $argc))
    (block $done
      (loop $next
        (br_if $done (i32.ge_s (local.get $i) (local.get $n)))
        (if (call $copy (i32.const 1024) (local.get $i)) (then unreachable))
        (drop (call $write (i32.const 1) (i32.const 1024)
          (i32.add (call $len (local.get $i)) (i32.const 1))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
    ;; One too many has no length and cannot be copied.
    (if (i32.ne (call $len (local.get $n)) (i32.const -1)) (then unreachable))
    (if (i32.eqz (call $copy (i32.const 1024) (local.get $n))) (then unreachable))
    ;; A buffer outside of the memory is refused.
    (if (i32.eqz (call $copy (i32.const 0xfffffff0) (i32.const 0))) (then unreachable))
    (call $exit (i32.const 0))))
