//! From a file to a program: read, inspect, check, rewrite, compile.

mod artifact;
mod cache;
mod casts;
mod check;
mod compile;
mod compiled;
mod error;
mod inspect;
mod lower_atomics;
mod read;
mod rewrite;
pub(crate) mod safepoint;
mod trust;

use std::fs::{File, Metadata};
use std::path::Path;

use self::artifact::{Facts, Label};
pub use self::cache::{
    Cache, CacheChoice, DEFAULT_LIMIT_BYTES, Entry, Pruned, State, folder as cache_folder,
};
pub use self::check::{Problem, problems};
pub use self::error::LoadError;
pub use self::inspect::{Import, ImportKind, Inspection, MemoryShape};
pub(crate) use self::read::{MAGIC, is_compiled_head, module_start};
pub(crate) use self::rewrite::{ENGINE_MODULE, IMPORTS_EXPORT};
use crate::engine::{self, Executor, Optimization, TableFill, Target};
use crate::guest::{Program, WASM_PAGE_SIZE};
use crate::host::code::{self, FreshCode};
use crate::process::FileId;

/// How programs are loaded.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// What executes modules; compiled programs are made for one or the other.
    pub executor: Executor,
    /// Where compiled programs are kept.
    pub cache: CacheChoice,
    /// How much may be kept there, in bytes.
    pub cache_limit_bytes: u64,
}

/// Loads the module or the compiled program at `path`.
///
/// # Errors
/// Why there is no program, in words for the user.
pub fn load(path: &Path, options: &LoadOptions) -> Result<Program, LoadError> {
    let (file, metadata) = read::open(path)?;
    let executor = options.executor;
    let cache = Cache::open(&options.cache, true);
    let known = cache
        .as_ref()
        .and_then(|cache| cache.find_known(executor, &metadata));
    if let Some(found) = known {
        return Ok(program(found, executor, &metadata));
    }
    if read::is_compiled(&file) {
        return compiled::load(path, &file, &metadata, executor);
    }
    load_module(path, file, &metadata, options, cache.as_ref())
}

/// Loads a module that no note is about.
fn load_module(
    path: &Path,
    file: File,
    metadata: &Metadata,
    options: &LoadOptions,
    cache: Option<&Cache>,
) -> Result<Program, LoadError> {
    let executor = options.executor;
    let bytes = read::module(path, file)?;
    let key = cache::key(executor, &bytes);
    if let Some(found) = cache.and_then(|cache| cache.find(executor, &key, Some(metadata))) {
        return Ok(program(found, executor, metadata));
    }
    let target = match executor {
        Executor::Compiler => Target::Host,
        Executor::Interpreter => Target::Interpreter,
    };
    let (code, facts) = build(path, &bytes, target, Optimization::Speed)?;
    if let Some(cache) = cache {
        let label = Label::new(&code, facts, executor, key, path);
        cache.keep(&code, &label, options.cache_limit_bytes);
        // What is mapped from the file is shared with all other processes of the program.
        if let Some(found) = cache.find(executor, &key, Some(metadata)) {
            return Ok(program(found, executor, metadata));
        }
    }
    let failed = |error: wasmtime::Error| LoadError::invalid(path, format!("{error:#}"));
    let engine = engine::runner(executor, facts.table_fill).map_err(failed)?;
    let module = code::load_fresh_module(&engine, &code).map_err(failed)?;
    let found = cache::Found {
        engine,
        module,
        facts,
        entry: None,
    };
    Ok(program(found, executor, metadata))
}

fn program(found: cache::Found, executor: Executor, module: &Metadata) -> Program {
    Program {
        engine: found.engine,
        module: found.module,
        executor,
        initial_pages: found.facts.initial_pages,
        max_pages: found.facts.max_pages,
        files: [FileId::of(module)]
            .into_iter()
            .chain(found.entry)
            .collect(),
    }
}

/// Compiles the module at `path` into a file of its own.
///
/// # Errors
/// It is no module that this engine serves, there is no such target, or the file cannot be written.
pub fn compile_file(
    path: &Path,
    output: &Path,
    target: Target,
    optimization: Optimization,
) -> Result<(), LoadError> {
    // The new file takes the old one's place; a device is nobody's to lose.
    if std::fs::metadata(output).is_ok_and(|data| !data.is_file()) {
        let error = std::io::Error::other("it is no regular file");
        return Err(LoadError::io_writing(output, error));
    }
    let (file, _) = read::open(path)?;
    let bytes = read::module(path, file)?;
    let (code, facts) = build(path, &bytes, target, optimization)?;
    let executor = target.executor();
    let key = cache::key(executor, &bytes);
    let label = Label::new(&code, facts, executor, key, path);
    // Group and others read it at most, whatever the process's mask: it would not be run.
    artifact::write(output, &code, &label, 0o644)
        .map_err(|error| LoadError::io_writing(output, error))
}

/// Checks and compiles a module.
fn build(
    path: &Path,
    bytes: &[u8],
    target: Target,
    optimization: Optimization,
) -> Result<(FreshCode, Facts), LoadError> {
    let inspection = inspect(path, bytes)?;
    let problems = problems(&inspection);
    let (Some(shape), true) = (inspection.memory, problems.is_empty()) else {
        return Err(LoadError::unfit(path, problems));
    };
    let mut facts = Facts {
        initial_pages: shape.initial_pages,
        max_pages: shape.max_pages,
        table_fill: if inspection.starts_threads() {
            TableFill::OnUse
        } else {
            TableFill::AtOnce
        },
    };
    let failed = |error: wasmtime::Error| LoadError::invalid(path, format!("{error:#}"));
    let engine = engine::compiler(target, optimization, facts.table_fill)
        .map_err(|error| LoadError::refused(path, format!("{error:#}")))?;
    let prepared = prepare(bytes, &inspection, target.executor(), &mut facts)
        .map_err(|error| LoadError::invalid(path, format!("{error:#}")))?;
    let code = compile::compile(&engine, &prepared, path).map_err(failed)?;
    Ok((code, facts))
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
    let polls = safepoint::POLL_AT.is_some() && executor == Executor::Compiler;
    match safepoint::insert(
        &rewritten,
        ENGINE_MODULE,
        word,
        inspection.n_functions,
        polls,
    )? {
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
    let (file, _) = read::open(path)?;
    let bytes = read::module(path, file)?;
    inspect(path, &bytes)
}

fn inspect(path: &Path, bytes: &[u8]) -> Result<Inspection, LoadError> {
    inspect::inspect(bytes).map_err(|error| LoadError::invalid(path, error.to_string()))
}
