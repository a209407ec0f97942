;; A module that declares a system call which never returns without its result.
(module
  (import "wali" "SYS_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (call $exit (i32.const 6))))
