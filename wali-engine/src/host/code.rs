//! Machine code: from the compiler, from files, and made executable.

use std::fs::{File, Metadata};
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::ptr::NonNull;

use wasmtime::{Config, CustomCodeMemory, Engine, Module};

use super::mman;
use crate::Errno;
use crate::guest::PAGE_SIZE;

/// A file with a compiled module, mapped for reading. The file need not stay open, so that no
/// descriptor is taken from the guest.
pub(crate) struct CodeFile {
    at: usize,
    len: usize,
}

impl CodeFile {
    /// Maps all `len` bytes of `file`.
    ///
    /// # Errors
    /// The kernel's.
    pub(crate) fn map(file: &File, len: u64) -> Result<CodeFile, Errno> {
        let len = usize::try_from(len).map_err(|_| Errno::ENOMEM)?;
        let at = mman::file_for_reading(file.as_raw_fd(), len)?;
        Ok(CodeFile { at, len })
    }

    /// What the file holds.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: the mapping lives as long as `self`. Only this user or the superuser can write
        // the file, and those that write it replace it by another.
        unsafe { std::slice::from_raw_parts(self.at as *const u8, self.len) }
    }

    /// The module that the file begins with. Nobody but this user, who may run any code here, and
    /// the superuser may have been able to write the file: what is in it will be executed.
    ///
    /// # Errors
    /// It is not a compiled module of this engine's version and settings, or not for this machine.
    pub(crate) fn load(self, engine: &Engine) -> wasmtime::Result<Module> {
        let start = NonNull::new(self.at as *mut u8)
            .ok_or_else(|| wasmtime::Error::msg("the file is mapped at address 0"))?;
        let bytes = NonNull::slice_from_raw_parts(start, self.len);
        // SAFETY: the mapping is never undone once there is a module. What wasmtime cannot see of
        // damage is found by the checksum, or was done by the user's own hand since.
        let module = unsafe { Module::deserialize_raw(engine, bytes) }?;
        std::mem::forget(self);
        Ok(module)
    }
}

impl Drop for CodeFile {
    fn drop(&mut self) {
        // SAFETY: nothing refers to the mapping any more.
        unsafe { mman::unmap(self.at, self.len) };
    }
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

/// Tells the compiler that the processor has `features`.
pub(crate) fn use_features(config: &mut Config, features: &[&str]) {
    for feature in features {
        // SAFETY: the code is loaded only where wasmtime finds the processor to have them.
        unsafe { config.cranelift_flag_enable(feature) };
    }
}

/// Whether only this user can write what the metadata is of.
pub(crate) fn is_own(metadata: &Metadata) -> bool {
    metadata.uid() == effective_user() && metadata.mode() & OTHERS_WRITE == 0
}

/// Who else than this user and the superuser can write what the metadata is of.
pub(crate) fn stranger(metadata: &Metadata) -> Option<&'static str> {
    if metadata.uid() != effective_user() && metadata.uid() != 0 {
        Some("belongs to another user")
    } else if metadata.mode() & OTHERS_WRITE != 0 {
        Some("can be written by others")
    } else {
        None
    }
}

/// The bits of a mode that let others than the owner write.
const OTHERS_WRITE: u32 = 0o022;

/// The user whose rights this process has.
fn effective_user() -> u32 {
    // SAFETY: no arguments, cannot fail.
    unsafe { libc::geteuid() }
}
