//! Comparing what two processes share: `kcmp`.
//!
//! By hand: the last argument of one comparison is an address.

use crate::calls::gate::kernel;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::GuestAddr;
use crate::program::{Cx, SysResult};

/// The comparison of epoll targets, whose `idx2` points to a `struct kcmp_epoll_slot`.
const KCMP_EPOLL_TFD: i32 = 7;

/// `kcmp(pid1, pid2, type, idx1, idx2)`.
///
/// # Errors
/// - `ESRCH`, `EPERM`: no such process, or one that the program may not look into.
/// - `EBADF`: a descriptor that is not open there.
/// - `EINVAL`: an unknown comparison.
/// - Other errors are the kernel's.
pub(super) fn kcmp(
    cx: &mut Cx<'_>,
    pid1: i32,
    pid2: i32,
    kind: i32,
    idx1: u64,
    idx2: u64,
) -> SysResult {
    let idx2: Word<'_> = match kind {
        KCMP_EPOLL_TFD => HostPtr::guest(cx.data().memory, GuestAddr(idx2 as u32)).into(),
        _ => idx2.into(),
    };
    let words = [pid1.into(), pid2.into(), kind.into(), idx1.into(), idx2];
    kernel(cx, libc::SYS_kcmp, &words)
}
