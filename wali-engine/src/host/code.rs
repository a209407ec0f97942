//! Machine code: from the compiler, from files, and made executable.

use std::fs::{File, Metadata};
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::ptr::NonNull;

use wasmtime::{CustomCodeMemory, Engine, Module};

use super::mman;
use crate::guest::PAGE_SIZE;

/// Maps a compiled module from `file`, if only this user can have written it: what is in it will
/// be executed. The file need not stay open, so that no descriptor is taken from the guest.
///
/// # Errors
/// It can be written by others, or is not a compiled module of this engine's version and settings.
pub(crate) fn map_own_module(engine: &Engine, file: &File) -> wasmtime::Result<Module> {
    let refused = |what: &str| wasmtime::Error::msg(what.to_owned());
    let metadata = file.metadata()?;
    if !metadata.is_file() || !is_own(&metadata) {
        return Err(refused("others can write the file"));
    }
    let len = usize::try_from(metadata.len())?;
    let at = mman::file_for_reading(file.as_raw_fd(), len)
        .map_err(|errno| refused(&errno.to_string()))?;
    let start = NonNull::new(at as *mut u8).ok_or_else(|| refused("mapped at null"))?;
    let bytes = NonNull::slice_from_raw_parts(start, len);
    // SAFETY: the mapping is never undone. Nobody but this user, who may run any code here, has
    // written the file; damage that wasmtime cannot see is damage by the user's own hand or disk.
    let module = unsafe { Module::deserialize_raw(engine, bytes) };
    if module.is_err() {
        // SAFETY: nothing refers to the mapping.
        unsafe { mman::unmap(at, len) };
    }
    module
}

/// Makes code executable in the two kinds of memory that it is in: wasmtime's own, and mapped files.
#[derive(Debug)]
pub(crate) struct CodePages;

impl CustomCodeMemory for CodePages {
    fn required_alignment(&self) -> usize {
        PAGE_SIZE as usize
    }

    fn publish_executable(&self, at: *const u8, len: usize) -> wasmtime::Result<()> {
        protect(at, len, libc::PROT_READ | libc::PROT_EXEC)
    }

    fn unpublish_executable(&self, at: *const u8, len: usize) -> wasmtime::Result<()> {
        protect(at, len, libc::PROT_READ | libc::PROT_WRITE)
    }
}

fn protect(at: *const u8, len: usize, prot: i32) -> wasmtime::Result<()> {
    // SAFETY: wasmtime passes the pages of one module's code, which is complete.
    unsafe { mman::protect(at.addr(), len, prot) }
        .map_err(|errno| wasmtime::Error::msg(errno.to_string()))
}

/// Loads a compiled module that this process has just made, without a file.
///
/// # Errors
/// It does not fit the engine.
pub(crate) fn load_fresh_module(engine: &Engine, code: &FreshCode) -> wasmtime::Result<Module> {
    // SAFETY: the bytes are the compiler's own output of this process.
    unsafe { Module::deserialize(engine, &code.0) }
}

/// What the compiler made in this process.
#[derive(Debug)]
pub(crate) struct FreshCode(Vec<u8>);

impl FreshCode {
    /// Compiles `bytes`.
    ///
    /// # Errors
    /// The module is invalid or larger than the compiler takes.
    pub(crate) fn compile(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<FreshCode> {
        engine.precompile_module(bytes).map(FreshCode)
    }

    /// The bytes to keep in a file.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Whether only this user can write what the metadata is of.
pub(crate) fn is_own(metadata: &Metadata) -> bool {
    const OTHERS_WRITE: u32 = 0o022;
    metadata.uid() == effective_user() && metadata.mode() & OTHERS_WRITE == 0
}

/// The user whose rights this process has.
fn effective_user() -> u32 {
    // SAFETY: no arguments, cannot fail.
    unsafe { libc::geteuid() }
}
