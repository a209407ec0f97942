//! From a file to a running program.

mod builder;
mod compiled;
mod compiler_program;
mod engine_program;
mod link;
mod load;
mod runtime;
mod setting;
mod start;
mod start_error;

pub use builder::Builder;
pub use compiler_program::CompilerProgram;
pub use engine_program::EngineProgram;
pub use runtime::Runtime;
pub use start_error::StartError;

pub use crate::calls::{Policy, Verdict};
