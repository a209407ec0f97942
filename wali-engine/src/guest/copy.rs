//! Copies between host buffers and guest memory whose faults become `EFAULT`.

use super::GuestAddr;
use super::reservation;
use crate::Errno;

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
    let local = libc::iovec {
        iov_base: dst.cast(),
        iov_len: len,
    };
    let remote = guest_iovec(src, len)?;
    // SAFETY: the kernel checks the guest's side; the caller answers for `dst`.
    let copied = unsafe { libc::process_vm_readv(libc::getpid(), &local, 1, &remote, 1, 0) };
    whole(copied, len)
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
    let local = libc::iovec {
        iov_base: src.cast_mut().cast(),
        iov_len: len,
    };
    let remote = guest_iovec(dst, len)?;
    // SAFETY: the kernel checks the guest's side; the caller answers for `src`.
    let copied = unsafe { libc::process_vm_writev(libc::getpid(), &local, 1, &remote, 1, 0) };
    whole(copied, len)
}

fn guest_iovec(addr: GuestAddr, len: usize) -> Result<libc::iovec, Errno> {
    if addr.is_null() || !reservation::holds(addr, len) {
        return Err(Errno::EFAULT);
    }
    Ok(libc::iovec {
        iov_base: (reservation::base() + addr.0 as usize) as *mut libc::c_void,
        iov_len: len,
    })
}

fn whole(copied: isize, len: usize) -> Result<(), Errno> {
    match usize::try_from(copied) {
        Ok(copied) if copied == len => Ok(()),
        _ => Err(Errno::EFAULT),
    }
}
