//! The WALI engine: runs a WebAssembly module whose system calls are the Linux kernel's.
//!
//! `loader` makes a checked, compiled program out of a file; `run` starts it; `sys` answers its
//! system calls; `guest` is its memory and state, `host` the kernel's side.

#![deny(unsafe_code)]

pub mod cli;
mod ends;
pub mod engine;
mod errno;
#[allow(unsafe_code, reason = "guest memory is raw host memory")]
pub mod guest;
#[allow(unsafe_code, reason = "the kernel is called here")]
mod host;
mod imports;
pub mod loader;
mod memory_calls;
mod process;
pub mod run;
mod signal;
mod start;
pub mod strace;
mod sys;
mod thread;
mod trap;

pub use ends::{Ended, EngineFault, Stop, SysResult, finish};
pub use errno::Errno;
pub use process::{FileId, OwnFile};
