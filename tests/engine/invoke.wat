;; No main function: a start routine, and a function that its host calls.
(module
  (import "wali" "SYS_write" (func $write (param i32 i32 i32) (result i64)))
  (memory (export "memory") 1 1 shared)
  (data (i32.const 64) "started\nprinted\n")
  (func (export "__wali_startup")
    (drop (call $write (i32.const 1) (i32.const 64) (i32.const 8))))
  (func (export "__wali_cleanup"))
  (func (export "takes") (param i32))
  (func (export "print")
    (drop (call $write (i32.const 1) (i32.const 72) (i32.const 8)))))
