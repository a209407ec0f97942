//! The linear memory as the engine reads and writes it.

use std::mem::MaybeUninit;

use super::reservation::{self, Reservation};
use super::transfer::{copy_from_guest, copy_to_guest, exchange};
use super::{GuestAddr, GuestPtr, PAGE_SIZE, Plain};
use crate::kernel::Errno;
use crate::kernel::word::HostPtr;

/// A handle to the linear memory. All its copies are the same memory.
///
/// No Rust reference to the memory is ever made: it may be unmapped, and other threads write it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GuestMemory {
    base: usize,
}

impl GuestMemory {
    /// The process's linear memory, reserved by the first call.
    ///
    /// # Errors
    /// - `ENOMEM`: no room in the host's address space.
    pub(crate) fn reserve() -> Result<GuestMemory, Errno> {
        Ok(GuestMemory {
            base: Reservation::get_or_reserve()?.base(),
        })
    }

    /// A memory other than the process's, for tests.
    #[cfg(test)]
    pub(super) fn at(base: usize) -> GuestMemory {
        GuestMemory { base }
    }

    /// The host address of guest address 0.
    #[inline]
    pub(crate) fn base(self) -> usize {
        self.base
    }

    /// The host address to give to the kernel for a guest pointer; null stays null.
    #[inline]
    pub(crate) fn host_ptr(self, addr: GuestAddr) -> usize {
        if addr.is_null() {
            0
        } else {
            self.base + addr.0 as usize
        }
    }

    /// The guest address of a host address in the linear memory; `None` for any other.
    pub(crate) fn guest_addr(self, host: usize) -> Option<GuestAddr> {
        let offset = host.checked_sub(self.base)?;
        u32::try_from(offset).ok().map(GuestAddr)
    }

    /// Loads the value at `ptr`.
    ///
    /// # Errors
    /// - `EFAULT`: null, or not readable.
    pub(crate) fn load<T: Plain>(self, ptr: GuestPtr<T>) -> Result<T, Errno> {
        let mut value = MaybeUninit::<T>::uninit();
        // SAFETY: `value` is valid for writes of its size.
        unsafe { copy_from_guest(value.as_mut_ptr().cast(), ptr.addr(), size_of::<T>())? };
        // SAFETY: all bytes were written, and any bit pattern is a `Plain` value.
        Ok(unsafe { value.assume_init() })
    }

    /// Stores `value` at `ptr`.
    ///
    /// # Errors
    /// - `EFAULT`: null, or not writable.
    pub(crate) fn store<T: Plain>(self, ptr: GuestPtr<T>, value: T) -> Result<(), Errno> {
        // SAFETY: `value` is valid for reads of its size, and `Plain` data has no padding.
        unsafe { copy_to_guest(ptr.addr(), (&raw const value).cast(), size_of::<T>()) }
    }

    /// Loads `len` values that lie one after another from `ptr`.
    ///
    /// # Errors
    /// - `EFAULT`: not all of them can be read.
    /// - `ENOMEM`: the host has no room for them.
    pub(crate) fn load_slice<T: Plain>(
        self,
        ptr: GuestPtr<T>,
        len: usize,
    ) -> Result<Vec<T>, Errno> {
        let bytes = len.checked_mul(size_of::<T>()).ok_or(Errno::EFAULT)?;
        if !reservation::holds(ptr.addr(), bytes) {
            return Err(Errno::EFAULT);
        }
        let mut values = Vec::<T>::new();
        values.try_reserve_exact(len).map_err(|_| Errno::ENOMEM)?;
        if len > 0 {
            // SAFETY: the vector's buffer has room for `len` values.
            unsafe { copy_from_guest(values.as_mut_ptr().cast(), ptr.addr(), bytes)? };
        }
        // SAFETY: all `len` values were written just now.
        unsafe { values.set_len(len) };
        Ok(values)
    }

    /// Fills `values` with what lies one after another from `ptr`.
    ///
    /// # Errors
    /// - `EFAULT`: not all of them can be read; some may have been.
    pub(crate) fn fill<T: Plain>(self, ptr: GuestPtr<T>, values: &mut [T]) -> Result<(), Errno> {
        if values.is_empty() {
            return Ok(());
        }
        let bytes = size_of_val(values);
        // SAFETY: the slice is valid for writes of its own size, and any bit pattern is a `Plain` value.
        unsafe { copy_from_guest(values.as_mut_ptr().cast(), ptr.addr(), bytes) }
    }

    /// Stores `values` one after another from `ptr`.
    ///
    /// # Errors
    /// - `EFAULT`: not all of them can be written; some may have been.
    pub(crate) fn store_slice<T: Plain>(self, ptr: GuestPtr<T>, values: &[T]) -> Result<(), Errno> {
        if values.is_empty() {
            return Ok(());
        }
        // SAFETY: the slice is valid for reads of its own size.
        unsafe { copy_to_guest(ptr.addr(), values.as_ptr().cast(), size_of_val(values)) }
    }

    /// Replaces the word at `ptr` by `new` if it is `expected`, in one step, and returns what was
    /// there.
    ///
    /// # Errors
    /// - `EFAULT`: null, or not writable.
    /// - `EINVAL`: not aligned.
    pub(crate) fn exchange(
        self,
        ptr: GuestPtr<u32>,
        expected: u32,
        new: u32,
    ) -> Result<u32, Errno> {
        exchange(ptr.addr(), expected, new)
    }

    /// Fills `buffer` from `addr`.
    ///
    /// # Errors
    /// - `EFAULT`: not all of it can be read.
    pub(crate) fn read_bytes(self, addr: GuestAddr, buffer: &mut [u8]) -> Result<(), Errno> {
        self.fill(GuestPtr::new(addr), buffer)
    }

    /// Stores `bytes` at `addr`.
    ///
    /// # Errors
    /// - `EFAULT`: not all of it can be written; some may have been.
    pub(crate) fn write_bytes(self, addr: GuestAddr, bytes: &[u8]) -> Result<(), Errno> {
        self.store_slice(GuestPtr::new(addr), bytes)
    }

    /// The C string at `addr` without its NUL.
    ///
    /// # Errors
    /// - `EFAULT`: the string runs into memory that cannot be read.
    /// - `ENAMETOOLONG`: no NUL among the first `max_bytes` bytes.
    pub(crate) fn read_cstr(self, addr: GuestAddr, max_bytes: usize) -> Result<Vec<u8>, Errno> {
        let mut string = Vec::new();
        let mut next = addr;
        while string.len() < max_bytes {
            // Never across a page: the string may end just before one that cannot be read.
            let in_page = (PAGE_SIZE - next.0 % PAGE_SIZE) as usize;
            let len = in_page.min(max_bytes - string.len());
            let chunk = self.load_slice(GuestPtr::<u8>::new(next), len)?;
            if let Some(end) = memchr::memchr(0, &chunk) {
                string.extend_from_slice(&chunk[..end]);
                return Ok(string);
            }
            string.extend_from_slice(&chunk);
            next = next.checked_add(len as u32).ok_or(Errno::EFAULT)?;
        }
        Err(Errno::ENAMETOOLONG)
    }
}

impl HostPtr<'static> {
    /// The guest address of host address `addr`; null stays null.
    pub(crate) fn guest(memory: GuestMemory, addr: GuestAddr) -> HostPtr<'static> {
        HostPtr::in_range(memory.host_ptr(addr))
    }
}
