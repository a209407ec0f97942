//! From a file to a program: read, inspect, check, rewrite, compile.

mod casts;
mod check;
mod compile;
mod error;
mod inspect;
mod read;
mod rewrite;

use std::path::Path;

use wasmtime::Engine;

pub use self::check::{Problem, problems};
pub use self::error::LoadError;
pub use self::inspect::{Import, ImportKind, Inspection, MemoryShape};
pub(crate) use self::rewrite::ENGINE_MODULE;
use crate::guest::Program;

/// How programs are loaded.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {}

/// Loads the module at `path` for `engine`.
///
/// # Errors
/// Why there is no program, in words for the user.
pub fn load(engine: &Engine, path: &Path, _options: &LoadOptions) -> Result<Program, LoadError> {
    let bytes = read::module(path)?;
    let inspection = inspect(path, &bytes)?;
    let problems = problems(&inspection);
    if !problems.is_empty() {
        return Err(LoadError::unfit(path, problems));
    }
    let shape = inspection
        .memory
        .ok_or_else(|| LoadError::unfit(path, vec![Problem::NoMemory]))?;
    let rewritten = rewrite::rewrite(&bytes, &inspection)
        .map_err(|error| LoadError::invalid(path, error.to_string()))?;
    let rewritten = casts::adapt_indirect_calls(&rewritten)
        .map_err(|error| LoadError::invalid(path, format!("{error:#}")))?
        .unwrap_or(rewritten);
    let module = compile::compile(engine, &rewritten)
        .map_err(|error| LoadError::invalid(path, format!("{error:#}")))?;
    Ok(Program {
        engine: engine.clone(),
        module,
        initial_pages: shape.initial_pages,
        max_pages: shape.max_pages,
    })
}

/// Reads what the module at `path` is made of, without judging it.
///
/// # Errors
/// It cannot be read, or is no valid module.
pub fn inspect_file(path: &Path) -> Result<Inspection, LoadError> {
    let bytes = read::module(path)?;
    inspect(path, &bytes)
}

fn inspect(path: &Path, bytes: &[u8]) -> Result<Inspection, LoadError> {
    inspect::inspect(bytes).map_err(|error| LoadError::invalid(path, error.to_string()))
}
