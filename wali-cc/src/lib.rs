//! The compiler driver: turns a C compiler's command line into one for clang that makes WALI
//! modules, and checks what was linked.

pub mod config;
