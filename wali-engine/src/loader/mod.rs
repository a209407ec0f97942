//! From a file to a program: read, inspect, check, rewrite, compile.

mod cache;
mod casts;
mod check;
mod compile;
mod error;
mod inspect;
mod lower_atomics;
mod read;
mod rewrite;
pub(crate) mod safepoint;

use std::path::Path;

use wasmtime::{Engine, Module};

pub use self::cache::CacheChoice;
use self::cache::{Cache, Facts};
pub use self::check::{Problem, problems};
pub use self::error::LoadError;
pub use self::inspect::{Import, ImportKind, Inspection, MemoryShape};
pub(crate) use self::rewrite::ENGINE_MODULE;
use crate::engine::{self, Executor};
use crate::guest::{Program, WASM_PAGE_SIZE};
use crate::host::code;

/// How programs are loaded.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// Where compiled programs are kept.
    pub cache: CacheChoice,
}

/// Loads the module at `path` for `engine`.
///
/// # Errors
/// Why there is no program, in words for the user.
pub fn load(engine: &Engine, path: &Path, options: &LoadOptions) -> Result<Program, LoadError> {
    let bytes = read::module(path)?;
    let cache = Cache::open(&options.cache).map(|cache| (cache, cache::key(engine, &bytes)));
    let found = cache
        .as_ref()
        .and_then(|(cache, key)| cache.find(engine, key));
    let (module, facts) = match found {
        Some(found) => found,
        None => build(engine, path, &bytes, cache.as_ref())?,
    };
    Ok(Program {
        engine: engine.clone(),
        module,
        initial_pages: facts.initial_pages,
        max_pages: facts.max_pages,
    })
}

/// Checks and compiles a module, and keeps the outcome when there is a cache.
fn build(
    engine: &Engine,
    path: &Path,
    bytes: &[u8],
    cache: Option<&(Cache, String)>,
) -> Result<(Module, Facts), LoadError> {
    let inspection = inspect(path, bytes)?;
    let problems = problems(&inspection);
    let (Some(shape), true) = (inspection.memory, problems.is_empty()) else {
        return Err(LoadError::unfit(path, problems));
    };
    let mut facts = Facts {
        initial_pages: shape.initial_pages,
        max_pages: shape.max_pages,
    };
    let prepared = prepare(bytes, &inspection, engine::executor(engine), &mut facts)
        .map_err(|error| LoadError::invalid(path, format!("{error:#}")))?;
    let failed = |error: wasmtime::Error| LoadError::invalid(path, format!("{error:#}"));
    let code = compile::compile(engine, &prepared).map_err(failed)?;
    if let Some((cache, key)) = cache {
        // A full disk or a folder that turned read-only costs time, not the program.
        if let Ok(Some(kept)) = cache.keep(engine, key, &code, facts) {
            return Ok(kept);
        }
    }
    let module = code::load_fresh_module(engine, &code).map_err(failed)?;
    Ok((module, facts))
}

/// The module as it is compiled: every pass over it in turn.
fn prepare(
    bytes: &[u8],
    inspection: &Inspection,
    executor: Executor,
    facts: &mut Facts,
) -> anyhow::Result<Vec<u8>> {
    let rewritten = rewrite::rewrite(bytes, inspection, executor)?;
    let rewritten = casts::adapt_indirect_calls(&rewritten)?.unwrap_or(rewritten);
    // A memory that starts with all its 4 GiB has no room for the word.
    let Some(word) = facts.initial_pages.checked_mul(WASM_PAGE_SIZE) else {
        return Ok(rewritten);
    };
    match safepoint::insert(&rewritten, ENGINE_MODULE, word, inspection.n_functions)? {
        None => Ok(rewritten),
        Some(with_safepoints) => {
            facts.initial_pages += 1;
            facts.max_pages = facts.max_pages.max(facts.initial_pages);
            Ok(with_safepoints)
        }
    }
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
