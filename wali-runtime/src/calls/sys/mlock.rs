//! Keeping memory from being swapped out: `mlock`, `mlock2`, `munlock`.
//!
//! By hand: what is not mapped in the linear memory is mapped on the host, without access.

use crate::kernel::Errno;
use crate::memory::{GuestAddr, MappedPieces, PAGE_SIZE};
use crate::program::{Cx, SysResult};

/// `mlock(addr, len)`: locks the pages of a range.
///
/// # Errors
/// As [`mlock2`].
pub(super) fn mlock(cx: &mut Cx<'_>, addr: GuestAddr, len: u32) -> SysResult {
    pieces(cx, addr, len)?.lock(0)?;
    Ok(0)
}

/// `mlock2(addr, len, flags)`: as `mlock`; `MLOCK_ONFAULT` locks pages as they are touched.
///
/// # Errors
/// - `EINVAL`: an unknown flag.
/// - `ENOMEM`: something in the range is not mapped, or over `RLIMIT_MEMLOCK`.
/// - Other errors are the kernel's.
pub(super) fn mlock2(cx: &mut Cx<'_>, addr: GuestAddr, len: u32, flags: u32) -> SysResult {
    if flags & !libc::MLOCK_ONFAULT != 0 {
        return Err(Errno::EINVAL.into());
    }
    pieces(cx, addr, len)?.lock(flags)?;
    Ok(0)
}

/// `munlock(addr, len)`: lets the pages of a range be swapped out again.
///
/// # Errors
/// - `ENOMEM`: something in the range is not mapped.
pub(super) fn munlock(cx: &mut Cx<'_>, addr: GuestAddr, len: u32) -> SysResult {
    pieces(cx, addr, len)?.unlock()?;
    Ok(0)
}

/// What is mapped in a range that may start inside a page.
fn pieces(cx: &Cx<'_>, addr: GuestAddr, len: u32) -> Result<MappedPieces, Errno> {
    let inside = addr.0 % PAGE_SIZE;
    let len = match len {
        0 => 0,
        _ => len.checked_add(inside).ok_or(Errno::ENOMEM)?,
    };
    let start = GuestAddr(addr.0 - inside);
    cx.data().process.mappings().mapped_pieces(start, len)
}
