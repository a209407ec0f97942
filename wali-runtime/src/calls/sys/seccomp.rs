//! `seccomp`: what a filter could do here. Filters themselves are refused.

use crate::calls::gate::kernel;
use crate::kernel::Errno;
use crate::kernel::word::HostPtr;
use crate::memory::GuestAddr;
use crate::program::{Cx, SysResult};

/// Operations that only ask.
const SECCOMP_GET_ACTION_AVAIL: u32 = 2;
const SECCOMP_GET_NOTIF_SIZES: u32 = 3;

/// `seccomp(operation, flags, args)`.
///
/// # Errors
/// - `EINVAL`: an operation that sets a filter; the engine's own calls would be judged by it.
/// - Other errors are the kernel's.
pub(super) fn seccomp(cx: &mut Cx<'_>, operation: u32, flags: u32, args: GuestAddr) -> SysResult {
    // Differs from Linux: no filters.
    if !matches!(
        operation,
        SECCOMP_GET_ACTION_AVAIL | SECCOMP_GET_NOTIF_SIZES
    ) {
        return Err(Errno::EINVAL.into());
    }
    let args = HostPtr::guest(cx.data().memory, args);
    let words = [operation.into(), flags.into(), args.into()];
    kernel(cx, libc::SYS_seccomp, &words)
}
