;; Copies /proc/self/maps to stdout.
(module
  (import "wali" "SYS_open" (func $open (param i32 i32 i32) (result i64)))
  (import "wali" "SYS_read" (func $read (param i32 i32 i32) (result i64)))
  (import "wali" "SYS_write" (func $write (param i32 i32 i32) (result i64)))
  (memory (export "memory") 2 2 shared)
  (data $path "/proc/self/maps\00")
  (func (export "_start")
    (local $fd i32) (local $n i32)
    (memory.init $path (i32.const 1024) (i32.const 0) (i32.const 16))
    (local.set $fd (i32.wrap_i64 (call $open (i32.const 1024) (i32.const 0) (i32.const 0))))
    (loop $more
      (local.set $n (i32.wrap_i64
        (call $read (local.get $fd) (i32.const 65536) (i32.const 65536))))
      (if (i32.gt_s (local.get $n) (i32.const 0)) (then
        (drop (call $write (i32.const 1) (i32.const 65536) (local.get $n)))
        (br $more))))))
