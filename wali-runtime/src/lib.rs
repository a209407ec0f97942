//! Runs compiled programs whose system calls are the Linux kernel's.
//!
//! A program is a WebAssembly module that imports the system calls themselves (the WebAssembly Linux
//! Interface). This crate runs it with the real kernel behind every call: [`Runtime::builder`] says of
//! what, [`Builder::load`] loads it, [`Runtime::run`] turns the process into it. **One process runs one
//! program.**
//!
//! ```no_run
//! use wali_runtime::Runtime;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! match Runtime::builder("prog.wasm").args(["a", "b"]).load()?.run()? {}
//! # }
//! ```
//!
//! There is no compiler in it. Modules are compiled by another program ([`CompilerProgram`]), or by any
//! [`Compiler`] that is given to the builder; `wali_compiler::InProcess` is one.
//!
//! A [`Policy`] judges the program's system calls, a [`Trace`] writes them down. `docs/embedding.md` in the
//! repository says what becomes of the process, and `examples` has two commands.
//!
//! # Layers
//!
//! A lower layer never knows a higher one; `cargo xtask`'s own tests hold the imports against this list.
//!
//! | layer | what it knows |
//! |---|---|
//! | `kernel` | the kernel as this machine has it: raw calls, mappings, descriptors |
//! | `memory` | the guest's memory, the mappings in it, addresses |
//! | `signals` | signals and faults as the kernel brings them; the direct calls |
//! | `program` | the state of the process and of its threads |
//! | `trace` | lines and counts of system calls |
//! | `control` | handlers, threads, fork, exec |
//! | `calls` | what serves the program's imports |
//! | `run` | loading, linking, starting |
//!
//! Only the three lowest contain `unsafe` code.

#![deny(unsafe_code)]

mod calls;
mod control;
pub mod host;
#[allow(unsafe_code, reason = "the kernel is called here")]
mod kernel;
#[allow(unsafe_code, reason = "guest memory is raw host memory")]
mod memory;
mod program;
mod run;
#[allow(
    unsafe_code,
    reason = "signal handlers change the registers of interrupted threads"
)]
mod signals;
mod trace;

pub use kernel::Errno;
pub use run::{Builder, CompilerProgram, EngineProgram, Policy, Runtime, StartError, Verdict};
pub use trace::{Filter, Trace};
pub use wali_abi::{Syscall, syscall};
pub use wali_artifact::{CacheChoice, Compiler, DEFAULT_LIMIT_BYTES, LoadError, LoadErrorKind};
pub use wali_contract::Executor;

/// The examples of the page for those who build runtimes.
#[cfg(doctest)]
#[doc = include_str!("../../docs/embedding.md")]
struct Embedding;
