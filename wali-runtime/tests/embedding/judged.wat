;; Makes a call that the kernel answers directly, one that is served by hand, and a third, in the first
;; thread, in a child and in a second thread. The exit status has a bit for each that answers as a
;; policy may have it: 1 for getppid with EPERM, 2 for getrlimit with EACCES, 4 for getpgid with success.
(module
  (import "wali" "__proc_exit" (func $exit (param i32)))
  (import "wali" "__wasm_thread_spawn" (func $spawn (param i32 i32) (result i32)))
  (import "wali" "SYS_exit" (func $exit_thread (param i32) (result i64)))
  (import "wali" "SYS_fork" (func $fork (result i64)))
  (import "wali" "SYS_wait4" (func $wait4 (param i32 i32 i32 i32) (result i64)))
  (import "wali" "SYS_getppid" (func $getppid (result i64)))
  (import "wali" "SYS_getrlimit" (func $getrlimit (param i32 i32) (result i64)))
  (import "wali" "SYS_getpgid" (func $getpgid (param i32) (result i64)))
  (memory (export "memory") 1 1 shared)
  (table (export "__indirect_function_table") 1 1 funcref)
  (elem (i32.const 0) $thread)
  (func $bits (result i32)
    (i32.or
      (i64.eq (call $getppid) (i64.const -1))
      (i32.or
        (i32.shl (i64.eq (call $getrlimit (i32.const 0) (i32.const 2048)) (i64.const -13)) (i32.const 1))
        (i32.shl (i64.gt_s (call $getpgid (i32.const 0)) (i64.const 0)) (i32.const 2)))))
  (func $thread (param i32 i32)
    (i32.atomic.store (i32.const 4096) (i32.or (call $bits) (i32.const 64)))
    (drop (memory.atomic.notify (i32.const 4096) (i32.const 1)))
    (drop (call $exit_thread (i32.const 0))))
  (func $check (param i32 i32 i32)
    (if (i32.ne (local.get 0) (local.get 1)) (then (call $exit (local.get 2)))))
  (func (export "_start")
    (local $bits i32) (local $child i64)
    (local.set $bits (call $bits))
    (local.set $child (call $fork))
    (if (i64.eqz (local.get $child)) (then (call $exit (call $bits))))
    (drop (call $wait4 (i32.wrap_i64 (local.get $child)) (i32.const 1024) (i32.const 0) (i32.const 0)))
    (call $check
      (i32.load (i32.const 1024)) (i32.shl (local.get $bits) (i32.const 8)) (i32.const 101))
    (if (i32.lt_s (call $spawn (i32.const 0) (i32.const 0)) (i32.const 0)) (then (call $exit (i32.const 102))))
    (drop (memory.atomic.wait32 (i32.const 4096) (i32.const 0) (i64.const 10000000000)))
    (call $check
      (i32.atomic.load (i32.const 4096)) (i32.or (local.get $bits) (i32.const 64)) (i32.const 103))
    (call $exit (local.get $bits))))
