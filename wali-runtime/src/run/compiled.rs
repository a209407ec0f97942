//! Compiled programs in files.

use std::fs::{File, Metadata};
use std::path::Path;
use std::sync::Arc;

use wali_artifact::{Label, LoadError, settings, trust};
use wali_contract::{Executor, TableFill};
use wasmtime::Engine;

use crate::kernel::FileId;
use crate::memory::Memories;
use crate::memory::code::{CodeFile, CodePages};
use crate::program::{Program, guest_stack_bytes};

/// The engine that runs programs that are compiled already.
///
/// # Errors
/// The settings do not go together on this machine.
pub(super) fn engine(executor: Executor, fill: TableFill) -> wasmtime::Result<Engine> {
    let mut config = settings::config(executor, fill)?;
    let stack_bytes = guest_stack_bytes();
    config
        .max_wasm_stack(stack_bytes)
        // No stack of this kind is ever made, but the other must not be larger.
        .async_stack_size(stack_bytes)
        .with_custom_code_memory(Some(Arc::new(CodePages)))
        .with_host_memory(Arc::new(Memories));
    Engine::new(&config)
}

/// The program whose code `file` holds.
///
/// Nobody but this user, who may run any code here, and the superuser may have been able to write it.
///
/// # Errors
/// The code does not fit this machine or this build of the engine.
pub(super) fn of_file(
    file: &File,
    metadata: &Metadata,
    label: &Label,
    files: Vec<FileId>,
) -> wasmtime::Result<Program> {
    let code = CodeFile::map(file, metadata.len())
        .map_err(|errno| wasmtime::Error::msg(format!("mapping it: {errno}")))?;
    let engine = engine(label.executor, label.facts.table_fill)?;
    let module = code.load(&engine)?;
    Ok(Program {
        engine,
        module,
        facts: label.facts,
        files,
    })
}

/// Loads the compiled program in `file`, which was opened at `path`, for `asked` or, when that is
/// the compiler, for whatever it was compiled for.
///
/// # Errors
/// It cannot be trusted, is damaged, or does not fit this engine or this machine.
pub(super) fn load_file(
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
    if !label.fits(file) {
        return Err(refused("it is damaged; compile it again".to_owned()));
    }
    of_file(file, metadata, &label, vec![FileId::of(metadata)]).map_err(|error| {
        refused(format!(
            "it does not fit this machine: {error:#}; compile it again here"
        ))
    })
}
