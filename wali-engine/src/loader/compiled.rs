//! Programs that `wali-engine compile` has made.

use std::fs::{File, Metadata};
use std::path::Path;

use super::artifact::Label;
use super::{LoadError, trust};
use crate::engine::{self, Executor};
use crate::guest::Program;
use crate::host::code::CodeFile;
use crate::process::FileId;

/// Loads the compiled program in `file`, which was opened at `path`, for `asked` or, when that is
/// the compiler, for whatever it was compiled for.
///
/// # Errors
/// It cannot be trusted, is damaged, or does not fit this engine or this machine.
pub(super) fn load(
    path: &Path,
    file: &File,
    metadata: &Metadata,
    asked: Executor,
) -> Result<Program, LoadError> {
    let refused = |why: String| LoadError::refused(path, why);
    trust::check_file(path, metadata).map_err(refused)?;
    let label = Label::read(file, metadata.len()).map_err(|why| refused(why.to_string()))?;
    if asked == Executor::Interpreter && label.executor != asked {
        return Err(refused(
            "it is machine code, which --interp never executes; \
             compile it with --target interpreter"
                .to_owned(),
        ));
    }
    let code = CodeFile::map(file, metadata.len())
        .map_err(|errno| refused(format!("mapping it: {errno}")))?;
    if !label.fits(code.bytes()) {
        return Err(refused("it is damaged; compile it again".to_owned()));
    }
    let misfit = |error: wasmtime::Error| {
        refused(format!(
            "it does not fit this machine: {error:#}; compile it again here"
        ))
    };
    let engine = engine::runner(label.executor, label.facts.table_fill).map_err(misfit)?;
    let module = code.load(&engine).map_err(misfit)?;
    Ok(Program {
        engine,
        module,
        executor: label.executor,
        initial_pages: label.facts.initial_pages,
        max_pages: label.facts.max_pages,
        files: vec![FileId::of(metadata)],
    })
}
