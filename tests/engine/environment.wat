;; Copies the environment's file to stdout. With an argument it asks for the form with NULs.
(module
  (import "wali" "__cl_get_argc" (func $argc (result i32)))
  (import "wali" "__get_init_envfile" (func $envfile (param i32 i32) (result i32)))
  (import "wali" "__proc_exit" (func $exit (param i32)))
  (import "wali" "SYS_open" (func $open (param i32 i32 i32) (result i64)))
  (import "wali" "SYS_read" (func $read (param i32 i32 i32) (result i64)))
  (import "wali" "SYS_write" (func $write (param i32 i32 i32) (result i64)))
  (memory (export "memory") 64 64 shared)
  (data $magic "\00WALIENV0\00")
  (func (export "_start")
    (local $fd i32) (local $n i32)
    (if (i32.gt_s (call $argc) (i32.const 1))
      (then (memory.init $magic (i32.const 1024) (i32.const 0) (i32.const 10))))
    ;; 9: no file. A buffer too small for the path gets nothing either.
    (if (call $envfile (i32.const 512) (i32.const 4)) (then unreachable))
    (if (i32.eqz (call $envfile (i32.const 1024) (i32.const 4096)))
      (then (call $exit (i32.const 9))))
    (local.set $fd (i32.wrap_i64 (call $open (i32.const 1024) (i32.const 0) (i32.const 0))))
    (if (i32.ne (local.get $fd) (i32.const 3)) (then (call $exit (local.get $fd))))
    (loop $more
      (local.set $n (i32.wrap_i64
        (call $read (local.get $fd) (i32.const 65536) (i32.const 1000000))))
      (if (i32.gt_s (local.get $n) (i32.const 0)) (then
        (drop (call $write (i32.const 1) (i32.const 65536) (local.get $n)))
        (br $more))))
    (call $exit (i32.const 0))))
