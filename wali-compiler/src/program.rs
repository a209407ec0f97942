//! From a module to a compiled program.

use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use wali_artifact::{Image, LoadError, LoadErrorKind, key};
use wali_module::Inspection;

use crate::backend::{Backend as _, Optimization, Target, cranelift};
use crate::progress::with_progress;
use crate::threads::with_threads;

/// Checks and compiles the module with these bytes, which were read from `path`.
///
/// # Errors
/// It is no module that the engine serves, or it cannot be compiled here.
pub fn build(
    path: &Path,
    bytes: &[u8],
    target: Target,
    optimization: Optimization,
) -> Result<Image, LoadError> {
    let invalid = |error: &dyn std::fmt::Display| LoadError::invalid(path, error);
    let inspection = wali_module::inspect(bytes).map_err(|error| invalid(&error))?;
    let memory = check(path, &inspection)?;
    let executor = target.executor();
    let prepared = wali_module::prepare(bytes, &inspection, memory, executor)
        .map_err(|error| invalid(&error))?;
    let backend = cranelift(target, optimization, prepared.facts.table_fill)
        .map_err(|error| LoadError::refused(path, error))?;
    let code = with_progress(path, || with_threads(|| backend.compile(&prepared.bytes)))
        .map_err(|error| invalid(&error))?;
    Ok(Image::new(
        code,
        prepared.facts,
        executor,
        key(executor, bytes),
        path,
    ))
}

/// The module's memory, if the engine serves the module.
fn check(path: &Path, inspection: &Inspection) -> Result<wali_module::MemoryShape, LoadError> {
    let problems = wali_module::problems(inspection);
    match inspection.memory {
        Some(memory) if problems.is_empty() => Ok(memory),
        _ => Err(LoadError::unfit(path, &problems)),
    }
}

/// Compiles the module at `path` into a file of its own.
///
/// # Errors
/// It is no module that the engine serves, there is no such target, or the file cannot be written.
pub fn compile_file(
    path: &Path,
    output: &Path,
    target: Target,
    optimization: Optimization,
) -> Result<(), LoadError> {
    let writing = |error| LoadError::new(output, LoadErrorKind::Writing(error));
    let (file, module) = wali_artifact::open(path)?;
    // The new file takes the old one's place; a device is nobody's to lose, nor is the module itself.
    if let Ok(old) = std::fs::metadata(output) {
        let is_module = (old.dev(), old.ino()) == (module.dev(), module.ino());
        if !old.is_file() {
            return Err(writing(io::Error::other("it is no regular file")));
        } else if is_module {
            return Err(writing(io::Error::other(
                "it is the module itself; name another with -o",
            )));
        }
    }
    let bytes = wali_artifact::read_module(path, file)?;
    let image = build(path, &bytes, target, optimization)?;
    // Group and others read it at most, whatever the process's mask: it would not be run.
    image.write(output, 0o644).map_err(writing)
}
