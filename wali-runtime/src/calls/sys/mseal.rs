//! Mappings that cannot be changed any more: `mseal`.
//!
//! By hand: what is not mapped in the linear memory is mapped on the host, without access.

use crate::kernel::Errno;
use crate::memory::{GuestAddr, PAGE_SIZE};
use crate::program::{Cx, SysResult};

/// `mseal(start, len, flags)`.
///
/// # Errors
/// - `EINVAL`: an address inside a page, a flag.
/// - `ENOMEM`: something in the range is not mapped.
pub(super) fn mseal(cx: &mut Cx<'_>, start: GuestAddr, len: u32, flags: u64) -> SysResult {
    if flags != 0 || !start.0.is_multiple_of(PAGE_SIZE) {
        return Err(Errno::EINVAL.into());
    }
    let pieces = cx.data().process.mappings().mapped_pieces(start, len)?;
    pieces.seal(flags)?;
    Ok(0)
}
