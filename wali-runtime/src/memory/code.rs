//! Memory that holds code: from files, from the compiler, and made executable.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::ptr::NonNull;

use wali_artifact::Image;
use wasmtime::{CustomCodeMemory, Engine, Module};

use super::PAGE_SIZE;
use crate::kernel::{Errno, mman};

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

    /// Loads the module that the file begins with. What is in the file will be executed, so only this user and the
    /// superuser may have been able to write it.
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

/// Loads the compiled module `code`, which a compiler has just made for this process.
///
/// # Errors
/// It does not fit the engine.
pub(crate) fn load_fresh(engine: &Engine, image: &Image) -> wasmtime::Result<Module> {
    // SAFETY: the bytes are the output of the compiler that this process has chosen and started.
    unsafe { Module::deserialize(engine, image.code()) }
}
