//! Extended attributes relative to a folder: `setxattrat`, `getxattrat`. The others are the
//! kernel's as they are.
//!
//! By hand, since `struct xattr_args` holds an address.

use crate::calls::gate::{kernel, number_of};
use crate::kernel::Errno;
use crate::kernel::structs::XattrArgs;
use crate::kernel::word::HostPtr;
use crate::memory::layout::XattrArgs as GuestXattrArgs;
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::{Cx, SysResult};

const SYS_SETXATTRAT: libc::c_long = number_of("setxattrat");
const SYS_GETXATTRAT: libc::c_long = number_of("getxattrat");

/// What the kernel takes at most for the structure: a page.
const ARGS_MAX: u32 = 4096;

/// `setxattrat(dirfd, path, at_flags, name, args, size)`.
///
/// # Errors
/// - `E2BIG`: a structure with fields that the engine does not know.
/// - `EFAULT`: the structure is not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn setxattrat(
    cx: &mut Cx<'_>,
    dirfd: i32,
    path: GuestAddr,
    at_flags: u32,
    name: GuestAddr,
    args: GuestPtr<GuestXattrArgs>,
    size: u32,
) -> SysResult {
    attribute(
        cx,
        SYS_SETXATTRAT,
        (dirfd, path, at_flags),
        name,
        (args, size),
    )
}

/// `getxattrat(dirfd, path, at_flags, name, args, size)`.
///
/// # Errors
/// As [`setxattrat`].
pub(super) fn getxattrat(
    cx: &mut Cx<'_>,
    dirfd: i32,
    path: GuestAddr,
    at_flags: u32,
    name: GuestAddr,
    args: GuestPtr<GuestXattrArgs>,
    size: u32,
) -> SysResult {
    attribute(
        cx,
        SYS_GETXATTRAT,
        (dirfd, path, at_flags),
        name,
        (args, size),
    )
}

fn attribute(
    cx: &mut Cx<'_>,
    number: libc::c_long,
    (dirfd, path, at_flags): (i32, GuestAddr, u32),
    name: GuestAddr,
    (args, size): (GuestPtr<GuestXattrArgs>, u32),
) -> SysResult {
    let memory = cx.data().memory;
    let known = size_of::<GuestXattrArgs>() as u32;
    if size < known {
        return Err(Errno::EINVAL.into());
    }
    if size > ARGS_MAX {
        return Err(Errno::E2BIG.into());
    }
    let guest = memory.load(args)?;
    let rest = args.addr().checked_add(known).ok_or(Errno::EFAULT)?;
    let rest = memory.load_slice(GuestPtr::<u8>::new(rest), (size - known) as usize)?;
    if rest.iter().any(|&byte| byte != 0) {
        return Err(Errno::E2BIG.into());
    }
    let value = u32::try_from(guest.value).map_err(|_| Errno::EFAULT)?;
    let host = XattrArgs {
        value: HostPtr::guest(memory, GuestAddr(value)),
        size: guest.size,
        flags: guest.flags,
    };
    let words = [
        dirfd.into(),
        HostPtr::guest(memory, path).into(),
        at_flags.into(),
        HostPtr::guest(memory, name).into(),
        HostPtr::input(&host).into(),
        known.into(),
    ];
    kernel(cx, number, &words)
}
