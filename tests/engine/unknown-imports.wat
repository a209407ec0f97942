;; Two imports that do not exist, one with another type, and one of another module.
(module
  (import "wali" "SYS_openat3" (func (param i32) (result i64)))
  (import "wali" "SYS_read" (func (param i64) (result i64)))
  (import "env" "dlopen" (func (param i32) (result i32)))
  (import "wali" "counter" (global i32))
  (memory (export "memory") 1 1 shared)
  (func (export "_start")))
