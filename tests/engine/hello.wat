;; What wali-cc makes, in small: shared memory, the newer start imports, output through writev's
;; plain sister.
(module
  (import "wali" "__init" (func $init (result i32)))
  (import "wali" "__deinit" (func $deinit (result i32)))
  (import "wali" "__proc_exit" (func $exit (param i32)))
  (import "wali" "SYS_write" (func $write (param i32 i32 i32) (result i64)))
  (memory (export "memory") 1 16 shared)
  (data $text "hello\n")
  (func (export "_start")
    (drop (call $init))
    (memory.init $text (i32.const 1024) (i32.const 0) (i32.const 6))
    (drop (call $write (i32.const 1) (i32.const 1024) (i32.const 6)))
    (drop (call $deinit))
    (call $exit (i32.const 3))))
