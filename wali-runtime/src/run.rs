//! From a file to a running program.

mod compiled;
mod compiler_program;
mod link;
mod load;
mod runtime;
mod start;

pub use compiler_program::CompilerProgram;
pub use runtime::{Builder, EngineProgram, Runtime};
pub use start::StartError;

pub use crate::calls::{Policy, Verdict};
