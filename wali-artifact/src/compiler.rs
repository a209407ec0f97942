//! The interface between who needs a compiled program and who makes it.

use std::path::Path;

use wali_contract::Executor;

use crate::cache::Cache;
use crate::error::LoadError;
use crate::label::Image;

/// What is to be compiled, for this very machine.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The module's bytes.
    pub module: &'a [u8],
    /// The path that they were read from, for messages.
    pub path: &'a Path,
    /// What will execute the program.
    pub executor: Executor,
    /// Where the program may be kept, and how many bytes may be kept there.
    pub cache: Option<(&'a Cache, u64)>,
}

/// Where a program is that was compiled.
#[derive(Debug)]
pub enum Outcome {
    /// In the cache, under the module's key.
    Kept,
    /// Here: there is no cache, or it could not be written.
    Here(Image),
}

/// Makes compiled programs of modules.
///
/// `wali-compiler` has one that compiles in the calling process, `wali-runtime` one that starts the
/// program `wali-compiler`.
pub trait Compiler {
    /// Compiles a module for this machine's processor, or for the interpreter.
    ///
    /// # Errors
    /// The module is not valid or not one that the engine serves, or it cannot be compiled here.
    fn compile(&self, request: &Request<'_>) -> Result<Outcome, LoadError>;
}
