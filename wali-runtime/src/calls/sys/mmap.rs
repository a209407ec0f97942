//! Memory mappings: `mmap`, `munmap`, `mremap`, `mprotect`, `madvise`, `msync`, `mincore`, `brk`.
//!
//! The rules are in [`crate::memory::Mappings`].

use crate::kernel::Errno;
use crate::memory::{GuestAddr, GuestPtr, MapRequest, PAGE_SIZE, RemapRequest};
use crate::program::{Cx, SysResult};

/// `mmap(addr, len, prot, flags, fd, offset)`: maps and returns where.
///
/// Differs from Linux: `PROT_EXEC` has no effect, since guest memory is never executable;
/// `MAP_GROWSDOWN` makes an ordinary mapping.
///
/// # Errors
/// As [`Mappings::map`](crate::memory::Mappings::map).
pub(super) fn mmap(
    cx: &mut Cx<'_>,
    addr: GuestAddr,
    len: u32,
    prot: i32,
    flags: i32,
    fd: i32,
    offset: i64,
) -> SysResult {
    let request = MapRequest {
        addr,
        len,
        prot,
        flags,
        fd,
        offset,
    };
    let at = cx.data().process.mappings().map(&request)?;
    Ok(i64::from(at.0))
}

/// `munmap(addr, len)`.
///
/// # Errors
/// As [`Mappings::unmap`](crate::memory::Mappings::unmap).
pub(super) fn munmap(cx: &mut Cx<'_>, addr: GuestAddr, len: u32) -> SysResult {
    cx.data().process.mappings().unmap(addr, len)?;
    Ok(0)
}

/// `mremap(old_address, old_size, new_size, flags, new_address)`: returns where the mapping is.
///
/// # Errors
/// As [`Mappings::remap`](crate::memory::Mappings::remap).
pub(super) fn mremap(
    cx: &mut Cx<'_>,
    addr: GuestAddr,
    old_len: u32,
    new_len: u32,
    flags: i32,
    new_addr: GuestAddr,
) -> SysResult {
    let request = RemapRequest {
        addr,
        old_len,
        new_len,
        flags,
        new_addr,
    };
    let at = cx.data().process.mappings().remap(&request)?;
    Ok(i64::from(at.0))
}

/// `mprotect(addr, len, prot)`.
///
/// Differs from Linux: `PROT_EXEC` has no effect, since guest memory is never executable.
///
/// # Errors
/// As [`Mappings::protect`](crate::memory::Mappings::protect).
pub(super) fn mprotect(cx: &mut Cx<'_>, addr: GuestAddr, len: u32, prot: i32) -> SysResult {
    cx.data().process.mappings().protect(addr, len, prot)?;
    Ok(0)
}

/// `madvise(addr, len, advice)`.
///
/// # Errors
/// As [`Mappings::advise`](crate::memory::Mappings::advise).
pub(super) fn madvise(cx: &mut Cx<'_>, addr: GuestAddr, len: u32, advice: i32) -> SysResult {
    cx.data().process.mappings().advise(addr, len, advice)?;
    Ok(0)
}

/// `msync(addr, len, flags)`.
///
/// # Errors
/// - `EINVAL`: unknown flags, `MS_SYNC` with `MS_ASYNC`, an address inside a page.
/// - `ENOMEM`: something in the range is not mapped.
pub(super) fn msync(cx: &mut Cx<'_>, addr: GuestAddr, len: u32, flags: i32) -> SysResult {
    const BOTH: i32 = libc::MS_SYNC | libc::MS_ASYNC;
    if flags & !(BOTH | libc::MS_INVALIDATE) != 0 || flags & BOTH == BOTH {
        return Err(Errno::EINVAL.into());
    }
    // The lock is not held while the kernel writes.
    let pieces = cx.data().process.mappings().mapped_pieces(addr, len)?;
    pieces.sync(flags)?;
    Ok(0)
}

/// `mincore(addr, len, vec)`: one byte a page at `vec`.
///
/// # Errors
/// - `EINVAL`: an address inside a page.
/// - `EFAULT`: `vec` is not in guest memory.
/// - `ENOMEM`: something in the range is not mapped.
pub(super) fn mincore(cx: &mut Cx<'_>, addr: GuestAddr, len: u32, vec: GuestPtr<u8>) -> SysResult {
    let task = cx.data();
    let pieces = task.process.mappings().mapped_pieces(addr, len)?;
    let pages = pieces.resident()?;
    debug_assert_eq!(pages.len(), len.div_ceil(PAGE_SIZE) as usize);
    task.memory.store_slice(vec, &pages)?;
    Ok(0)
}

/// `brk(addr)`: moves the break to `addr` if there is room, and returns where it is.
///
/// # Errors
/// None: after a refusal the break is where it was.
pub(super) fn brk(cx: &mut Cx<'_>, addr: GuestAddr) -> SysResult {
    Ok(i64::from(cx.data().process.mappings().set_break(addr).0))
}
