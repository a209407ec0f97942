//! Host mappings: the raw calls, with host addresses that the callers have checked.
//!
//! Every address passed to the functions that replace mappings lies in the guest's reservation;
//! nothing else in the process is ever mapped over.

use std::ptr;

use super::Errno;
use super::time::counted;

/// What a reserved range is mapped with: no access, no memory, no swap accounting.
const RESERVED: i32 = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;

/// `MAP_32BIT`, which only x86-64 has; elsewhere no flag.
#[cfg(target_arch = "x86_64")]
pub(crate) const MAP_32BIT: i32 = libc::MAP_32BIT;
/// `MAP_32BIT`, which only x86-64 has; elsewhere no flag.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) const MAP_32BIT: i32 = 0;

/// Reserves `len` bytes at a multiple of `alignment`, inaccessible.
///
/// # Errors
/// - `ENOMEM`: no room.
pub(crate) fn reserve_aligned(len: usize, alignment: usize) -> Result<usize, Errno> {
    let start = anonymous(len + alignment, libc::PROT_NONE)?;
    let base = start.next_multiple_of(alignment);
    // SAFETY: both ranges belong to the mapping just made and nobody knows them yet.
    unsafe {
        if base > start {
            libc::munmap(start as *mut libc::c_void, base - start);
        }
        let behind = start + alignment - base;
        if behind > 0 {
            libc::munmap((base + len) as *mut libc::c_void, behind);
        }
    }
    Ok(base)
}

/// Maps `len` fresh bytes wherever the kernel likes.
///
/// # Errors
/// The kernel's.
pub(crate) fn anonymous(len: usize, prot: i32) -> Result<usize, Errno> {
    // SAFETY: without MAP_FIXED nothing that exists is touched.
    let at = unsafe { libc::mmap(ptr::null_mut(), len, prot, RESERVED, -1, 0) };
    address(at)
}

/// Maps all of a file for reading, privately, wherever the kernel likes.
///
/// # Errors
/// The kernel's.
pub(crate) fn file_for_reading(fd: i32, len: usize) -> Result<usize, Errno> {
    // SAFETY: without MAP_FIXED nothing that exists is touched.
    let at = unsafe {
        libc::mmap(
            ptr::null_mut(),
            len,
            libc::PROT_READ,
            libc::MAP_PRIVATE,
            fd,
            0,
        )
    };
    address(at)
}

/// Maps at exactly `at`, over whatever is there.
///
/// # Errors
/// The kernel's.
///
/// # Safety
/// The range lies in memory that the caller owns and that no Rust reference points into.
pub(crate) unsafe fn map_over(
    at: usize,
    len: usize,
    prot: i32,
    flags: i32,
    fd: i32,
    offset: i64,
) -> Result<usize, Errno> {
    // SAFETY: the caller owns the range.
    let at = counted(|| unsafe {
        libc::mmap(
            at as *mut libc::c_void,
            len,
            prot,
            flags | libc::MAP_FIXED,
            fd,
            offset,
        )
    });
    address(at)
}

/// Unmaps a range that this process made for itself.
///
/// # Safety
/// As for [`map_over`].
pub(crate) unsafe fn unmap(at: usize, len: usize) {
    // SAFETY: the caller owns the range; a refusal leaves it mapped, which harms nobody.
    unsafe { libc::munmap(at as *mut libc::c_void, len) };
}

/// Makes the range inaccessible again and gives its memory back.
///
/// # Errors
/// - `ENOMEM`: the kernel allows no further mappings.
///
/// # Safety
/// As for [`map_over`].
pub(crate) unsafe fn release(at: usize, len: usize) -> Result<(), Errno> {
    // SAFETY: the caller owns the range.
    unsafe { map_over(at, len, libc::PROT_NONE, RESERVED, -1, 0) }.map(drop)
}

/// `mprotect`.
///
/// # Errors
/// The kernel's.
///
/// # Safety
/// As for [`map_over`].
pub(crate) unsafe fn protect(at: usize, len: usize, prot: i32) -> Result<(), Errno> {
    // SAFETY: the caller owns the range.
    done(counted(|| unsafe {
        libc::mprotect(at as *mut libc::c_void, len, prot)
    }))
}

/// `madvise`.
///
/// # Errors
/// The kernel's.
///
/// # Safety
/// As for [`map_over`].
pub(crate) unsafe fn advise(at: usize, len: usize, advice: i32) -> Result<(), Errno> {
    // SAFETY: the caller owns the range.
    done(counted(|| unsafe {
        libc::madvise(at as *mut libc::c_void, len, advice)
    }))
}

/// `msync`.
///
/// # Errors
/// The kernel's.
pub(crate) fn sync(at: usize, len: usize, flags: i32) -> Result<(), Errno> {
    // SAFETY: the call changes no mapping; MS_INVALIDATE is refused on locked memory only.
    done(counted(|| unsafe {
        libc::msync(at as *mut libc::c_void, len, flags)
    }))
}

/// `mincore`: one byte a page.
///
/// # Errors
/// The kernel's.
pub(crate) fn resident(at: usize, pages: &mut [u8], len: usize) -> Result<(), Errno> {
    if pages.len() < len.div_ceil(4096) {
        return Err(Errno::EINVAL);
    }
    // SAFETY: `pages` has room for a byte of each page.
    done(counted(|| unsafe {
        libc::mincore(at as *mut libc::c_void, len, pages.as_mut_ptr())
    }))
}

/// Whether the kernel knows an advice, found by advising nothing.
///
/// # Errors
/// - `EINVAL`: it does not.
pub(crate) fn check_advice(at: usize, advice: i32) -> Result<(), Errno> {
    // SAFETY: a length of 0 touches nothing.
    done(counted(|| unsafe {
        libc::madvise(at as *mut libc::c_void, 0, advice)
    }))
}

/// `mlock2`.
///
/// # Errors
/// The kernel's.
pub(crate) fn lock(at: usize, len: usize, flags: u32) -> Result<(), Errno> {
    // SAFETY: changes nothing about the memory but where it is kept.
    done(counted(|| unsafe {
        libc::mlock2(at as *const libc::c_void, len, flags)
    }))
}

/// `munlock`.
///
/// # Errors
/// The kernel's.
pub(crate) fn unlock(at: usize, len: usize) -> Result<(), Errno> {
    // SAFETY: changes nothing about the memory but where it is kept.
    done(counted(|| unsafe {
        libc::munlock(at as *const libc::c_void, len)
    }))
}

/// `mseal`.
///
/// # Errors
/// The kernel's.
pub(crate) fn seal(at: usize, len: usize, flags: u64) -> Result<(), Errno> {
    const SYS_MSEAL: libc::c_long = 462;
    // SAFETY: the mapping stays; further changes to it fail.
    done(counted(|| unsafe {
        libc::syscall(SYS_MSEAL, at, len, flags) as libc::c_int
    }))
}

/// `shmat` of segment `id` at exactly `at`, over whatever is there.
///
/// # Errors
/// The kernel's.
///
/// # Safety
/// As for [`map_over`].
pub(crate) unsafe fn attach_over(id: i32, at: usize, flags: i32) -> Result<(), Errno> {
    // SAFETY: the caller's promise.
    let attached =
        counted(|| unsafe { libc::shmat(id, at as *const libc::c_void, flags | libc::SHM_REMAP) });
    if attached.addr() == usize::MAX {
        return Err(Errno::last());
    }
    Ok(())
}

/// `mremap` to exactly `to`, over whatever is there.
///
/// # Errors
/// The kernel's.
///
/// # Safety
/// As for [`map_over`], for both ranges.
pub(crate) unsafe fn move_over(
    from: usize,
    old_len: usize,
    new_len: usize,
    to: usize,
    flags: i32,
) -> Result<(), Errno> {
    // SAFETY: the caller owns both ranges.
    let at = counted(|| unsafe {
        libc::mremap(
            from as *mut libc::c_void,
            old_len,
            new_len,
            flags | libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED,
            to as *mut libc::c_void,
        )
    });
    address(at).map(drop)
}

fn address(at: *mut libc::c_void) -> Result<usize, Errno> {
    if at == libc::MAP_FAILED {
        Err(Errno::last())
    } else {
        Ok(at as usize)
    }
}

fn done(result: i32) -> Result<(), Errno> {
    if result == 0 {
        Ok(())
    } else {
        Err(Errno::last())
    }
}
