//! Compiling in the process that runs the program.

use wali_artifact::{Compiler, LoadError, Outcome, Request};

use crate::backend::{Optimization, Target};
use crate::program::build;

/// Compiles in the calling process, with every processor and for speed.
///
/// Threads are started and gone again before it returns. A process that is about to run a program has
/// more memory in use afterwards than one that had the program `wali-compiler` do it.
#[derive(Clone, Copy, Debug, Default)]
pub struct InProcess;

impl Compiler for InProcess {
    fn compile(&self, request: &Request<'_>) -> Result<Outcome, LoadError> {
        let target = Target::here(request.executor);
        let image = build(request.path, request.module, target, Optimization::Speed)?;
        let kept = request
            .cache
            .is_some_and(|(cache, limit_bytes)| cache.keep(&image, limit_bytes));
        Ok(if kept {
            Outcome::Kept
        } else {
            Outcome::Here(image)
        })
    }
}
