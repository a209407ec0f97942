//! Calls that bring a descriptor into the process which the engine did not see before: `open`,
//! `openat`, `openat2`, `creat`, `open_by_handle_at`, `pidfd_getfd`.
//!
//! By hand, since a process's memory file may not get to the guest. Descriptors that come over a
//! socket pass the same check (`message.rs`).

use wali_abi::isa;

use crate::guest::{Cx, GuestAddr};
use crate::host;
use crate::host::descriptor;
use crate::host::word::{HostPtr, Word};
use crate::{Errno, SysResult};

use super::kernel;

/// `open(pathname, flags, mode)`.
///
/// # Errors
/// - `EACCES`: the file is a process's memory.
/// - The kernel's.
pub(super) fn open(cx: &mut Cx<'_>, pathname: GuestAddr, flags: i32, mode: u32) -> SysResult {
    openat(cx, libc::AT_FDCWD, pathname, flags, mode)
}

/// `creat(pathname, mode)`: `open` of a new or emptied file for writing.
///
/// # Errors
/// As [`open`].
pub(super) fn creat(cx: &mut Cx<'_>, pathname: GuestAddr, mode: u32) -> SysResult {
    let flags = libc::O_CREAT | libc::O_WRONLY | libc::O_TRUNC;
    openat(cx, libc::AT_FDCWD, pathname, flags, mode)
}

/// `openat(dirfd, pathname, flags, mode)`.
///
/// # Errors
/// As [`open`].
pub(super) fn openat(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    flags: i32,
    mode: u32,
) -> SysResult {
    let path = HostPtr::guest(cx.data().memory, pathname);
    let flags = isa::open_flags_to(host::ISA, flags.cast_unsigned());
    let words = [dirfd.into(), path.into(), flags.into(), mode.into()];
    let fd = kernel(cx, libc::SYS_openat, &words)?;
    admit(fd)
}

/// `openat2(dirfd, pathname, how, size)`.
///
/// # Errors
/// As [`open`].
pub(super) fn openat2(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    how: GuestAddr,
    size: u32,
) -> SysResult {
    let memory = cx.data().memory;
    let words = [
        dirfd.into(),
        HostPtr::guest(memory, pathname).into(),
        HostPtr::guest(memory, how).into(),
        size.into(),
    ];
    let fd = kernel(cx, libc::SYS_openat2, &words)?;
    admit(fd)
}

/// `open_by_handle_at(mount_fd, handle, flags)`.
///
/// # Errors
/// As [`open`].
pub(super) fn open_by_handle_at(
    cx: &mut Cx<'_>,
    mount_fd: i32,
    handle: GuestAddr,
    flags: i32,
) -> SysResult {
    let handle = HostPtr::guest(cx.data().memory, handle);
    let words = [mount_fd.into(), handle.into(), flags.into()];
    let fd = kernel(cx, libc::SYS_open_by_handle_at, &words)?;
    admit(fd)
}

/// `pidfd_getfd(pidfd, targetfd, flags)`: a duplicate of another process's descriptor.
///
/// # Errors
/// - `EACCES`: the file is a process's memory.
/// - The kernel's.
pub(super) fn pidfd_getfd(cx: &mut Cx<'_>, pidfd: i32, targetfd: i32, flags: u32) -> SysResult {
    let words: [Word<'_>; 3] = [pidfd.into(), targetfd.into(), flags.into()];
    let fd = kernel(cx, libc::SYS_pidfd_getfd, &words)?;
    admit(fd)
}

/// Lets the guest have a new descriptor, unless it is a process's memory.
fn admit(fd: i64) -> SysResult {
    // Differs from Linux: the memory files of processes answer EACCES.
    if descriptor::is_process_memory(fd as i32) {
        descriptor::close(fd as i32);
        return Err(Errno::EACCES.into());
    }
    Ok(fd)
}
