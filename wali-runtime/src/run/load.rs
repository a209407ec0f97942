//! Finding the compiled program of a file: the file itself, one in the cache, or one that a compiler
//! makes now.

use std::fs::{File, Metadata};
use std::path::Path;

use wali_artifact::{
    Cache, CacheChoice, Compiler, Found, Image, LoadError, LoadErrorKind, Outcome, Request,
    is_compiled_file, key, open, read_module,
};
use wali_contract::Executor;

use super::compiled::{engine, load_file};
use crate::kernel::FileId;
use crate::memory::code;
use crate::program::Program;

/// How programs are loaded.
pub(super) struct LoadOptions<'a> {
    /// What executes modules; compiled programs are made for one or the other.
    pub(super) executor: Executor,
    /// Where compiled programs are kept.
    pub(super) cache: &'a CacheChoice,
    /// How much may be kept there, in bytes.
    pub(super) cache_limit_bytes: u64,
    /// Who compiles modules; nobody where only compiled programs are run.
    pub(super) compiler: Option<&'a dyn Compiler>,
}

/// Loads the module or the compiled program at `path`.
///
/// # Errors
/// Why there is no program, in words for the user.
pub(super) fn load(path: &Path, options: &LoadOptions<'_>) -> Result<Program, LoadError> {
    let (file, metadata) = open(path)?;
    let executor = options.executor;
    let cache = Cache::open(options.cache, true);
    let known = cache
        .as_ref()
        .and_then(|cache| cache.find_known(executor, &metadata));
    if let Some(program) = known.and_then(|found| of_entry(&found, &metadata)) {
        return Ok(program);
    }
    if is_compiled_file(&file) {
        return load_file(path, &file, &metadata, executor);
    }
    load_module(path, file, &metadata, options, cache.as_ref())
}

/// Loads a module that no note is about.
fn load_module(
    path: &Path,
    file: File,
    metadata: &Metadata,
    options: &LoadOptions<'_>,
    cache: Option<&Cache>,
) -> Result<Program, LoadError> {
    let executor = options.executor;
    let module = read_module(path, file)?;
    let key = key(executor, &module);
    let find = || {
        let found = cache?.find(executor, &key, Some(metadata))?;
        of_entry(&found, metadata)
    };
    if let Some(program) = find() {
        return Ok(program);
    }
    let compiler = options
        .compiler
        .ok_or_else(|| LoadError::new(path, LoadErrorKind::NoCompiler))?;
    let compile = |cache: Option<&Cache>| {
        compiler.compile(&Request {
            module: &module,
            path,
            executor,
            cache: cache.map(|cache| (cache, options.cache_limit_bytes)),
        })
    };
    let mut outcome = compile(cache)?;
    if matches!(outcome, Outcome::Kept) {
        // What is mapped from the file is shared with all other processes of the program.
        if let Some(program) = find() {
            return Ok(program);
        }
        // Another process has made room meanwhile.
        outcome = compile(None)?;
    }
    match outcome {
        Outcome::Here(image) => of_image(path, &image, metadata),
        Outcome::Kept => Err(LoadError::refused(
            path,
            "the compiler says that it has kept the program, where there is no cache",
        )),
    }
}

/// The program of an entry of the cache; `None` when it does not fit this machine.
fn of_entry(found: &Found, module: &Metadata) -> Option<Program> {
    let files = vec![FileId::of(module), FileId::of(&found.metadata)];
    super::compiled::of_file(&found.file, &found.metadata, &found.label, files).ok()
}

fn of_image(path: &Path, image: &Image, module: &Metadata) -> Result<Program, LoadError> {
    let label = image.label();
    let load = || {
        let engine = engine(label.executor, label.facts.table_fill)?;
        let module = code::load_fresh(&engine, image)?;
        Ok((engine, module))
    };
    let (engine, loaded) =
        load().map_err(|error: wasmtime::Error| LoadError::invalid(path, format!("{error:#}")))?;
    Ok(Program {
        engine,
        module: loaded,
        facts: label.facts,
        files: vec![FileId::of(module)],
    })
}
