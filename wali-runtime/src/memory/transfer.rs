//! Copies between host buffers and guest memory whose faults become `EFAULT`.

use super::{GuestAddr, reservation};
use crate::kernel::{Errno, copy};

/// Copies `len` bytes from guest address `src` to the host's `dst`.
///
/// # Errors
/// - `EFAULT`: `src` is null, or not all of it can be read; `dst` may be written in part.
///
/// # Safety
/// `dst` is valid for writes of `len` bytes.
pub(crate) unsafe fn copy_from_guest(
    dst: *mut u8,
    src: GuestAddr,
    len: usize,
) -> Result<(), Errno> {
    let src = host_address(src, len)?;
    // SAFETY: the caller vouches for `dst`; `src` is in the reservation.
    unsafe { copy::bytes(dst, src as *const u8, len) }
}

/// Copies `len` bytes from the host's `src` to guest address `dst`.
///
/// # Errors
/// - `EFAULT`: `dst` is null, or not all of it can be written; it may be written in part.
///
/// # Safety
/// `src` is valid for reads of `len` bytes.
pub(crate) unsafe fn copy_to_guest(
    dst: GuestAddr,
    src: *const u8,
    len: usize,
) -> Result<(), Errno> {
    let dst = host_address(dst, len)?;
    // SAFETY: the caller vouches for `src`; `dst` is in the reservation.
    unsafe { copy::bytes(dst as *mut u8, src, len) }
}

/// Replaces the word at guest address `at` by `new` if it is `expected`, in one step with regard to
/// the guest's threads, and returns what was there.
///
/// # Errors
/// - `EFAULT`: `at` is null or cannot be written.
/// - `EINVAL`: `at` is not aligned.
pub(crate) fn exchange(at: GuestAddr, expected: u32, new: u32) -> Result<u32, Errno> {
    if !at.0.is_multiple_of(4) {
        return Err(Errno::EINVAL);
    }
    let at = host_address(at, size_of::<u32>())?;
    // SAFETY: the address is aligned and in the reservation.
    unsafe { copy::exchange(at as *mut u32, expected, new) }
}

fn host_address(addr: GuestAddr, len: usize) -> Result<usize, Errno> {
    if addr.is_null() || !reservation::holds(addr, len) {
        return Err(Errno::EFAULT);
    }
    Ok(reservation::base() + addr.0 as usize)
}
