;; Imports its memory, as modules for other hosts' threads do, and has no start section.
(module
  (import "env" "memory" (memory 1 4 shared))
  (import "wali" "SYS_write" (func $write (param i32 i32 i32) (result i64)))
  (data (i32.const 64) "imported\n")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 64) (i32.const 9)))))
