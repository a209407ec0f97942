//! Calls that bring a descriptor into the process which the engine did not see before: `open`,
//! `openat`, `openat2`, `creat`, `open_by_handle_at`, `pidfd_getfd`.
//!
//! By hand, since a process's memory file may not get to the guest. Descriptors that come over a
//! socket pass the same check (`message.rs`).
//!
//! A process whose descriptors nobody else can use looks at the file after it was opened. Otherwise
//! another thread could use it meanwhile, and the way is another one (`shared_open.rs`).

use wali_abi::{Isa, isa};

use super::shared_open::{self, How};
use crate::calls::gate::kernel;
use crate::calls::{admit, text_busy};
use crate::kernel::word::{HostPtr, Word};
use crate::kernel::{Errno, descriptor};
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};
use crate::program::{Cx, SysResult, paths};

/// `open(pathname, flags, mode)`.
///
/// # Errors
/// - `EACCES`: the file is a process's memory.
/// - `ETXTBSY`: the program runs from the file, and it is opened for writing.
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
    let flags = isa::open_flags_to(crate::kernel::ISA, flags.cast_unsigned());
    if let Some(flags) = flags_if_running(cx, dirfd, pathname, flags) {
        let opened = open_as_host(cx, dirfd, pathname, flags, mode);
        return refused_as_busy(opened);
    }
    open_as_host(cx, dirfd, pathname, flags, mode)
}

/// `openat` with the host's flags.
fn open_as_host(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    flags: u32,
    mode: u32,
) -> SysResult {
    if descriptor::are_shared() {
        let how = How::of_openat(flags.cast_signed(), mode);
        return shared_open::open_looked_at(cx, dirfd, pathname, how);
    }
    let path = paths::given(cx.data(), pathname, follows(flags));
    let words = [dirfd.into(), path.into(), flags.into(), mode.into()];
    let fd = kernel(cx, libc::SYS_openat, &words)?;
    admit::just_opened(fd)
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
    let loaded = load_how(memory, how, size);
    if let Ok([flags, mode, resolve]) = loaded.map(|how| how.words)
        && let Some(flags) = flags_if_running(cx, dirfd, pathname, flags as u32)
    {
        let how = How::of_openat2([flags.into(), mode, resolve]);
        let opened = shared_open::open_looked_at(cx, dirfd, pathname, how);
        return refused_as_busy(opened);
    }
    if descriptor::are_shared() || paths::is_own_link(cx.data(), pathname) {
        let how = loaded?;
        return shared_open::open_looked_at(cx, dirfd, pathname, how);
    }
    let path = HostPtr::guest(memory, pathname).into();
    if crate::kernel::ISA != Isa::X86_64 {
        let how = loaded?.words;
        let size = size_of_val(&how) as u64;
        let words = [dirfd.into(), path, HostPtr::input(&how).into(), size.into()];
        return admit::just_opened(kernel(cx, libc::SYS_openat2, &words)?);
    }
    let how = HostPtr::guest(memory, how);
    let words = [dirfd.into(), path, how.into(), size.into()];
    let fd = kernel(cx, libc::SYS_openat2, &words)?;
    admit::just_opened(fd)
}

/// When the path leads to a file that the program runs from, and the host's `flags` ask for writing
/// it: the flags to open it with for whatever else is wrong with the call.
fn flags_if_running(cx: &Cx<'_>, dirfd: i32, pathname: GuestAddr, flags: u32) -> Option<u32> {
    let signed = flags.cast_signed();
    let access = signed & libc::O_ACCMODE;
    let writes = matches!(access, libc::O_WRONLY | libc::O_RDWR) || signed & libc::O_TRUNC != 0;
    if !writes || signed & libc::O_PATH != 0 {
        return None;
    }
    let at_flags = match follows(flags) {
        true => 0,
        false => libc::AT_SYMLINK_NOFOLLOW,
    };
    let path = paths::given(cx.data(), pathname, follows(flags));
    text_busy::is_running(cx, dirfd, path, at_flags)
        .then_some(flags & !libc::O_TRUNC.cast_unsigned())
}

/// Whether a file opened with the host's `flags` is the one that a link leads to.
fn follows(flags: u32) -> bool {
    flags.cast_signed() & libc::O_NOFOLLOW == 0
}

/// The answer when a file that the program runs from was `opened` for writing: the kernel's error,
/// or that it is in use.
fn refused_as_busy(opened: SysResult) -> SysResult {
    descriptor::close(opened? as i32);
    Err(Errno::ETXTBSY.into())
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
    let flags = isa::open_flags_to(crate::kernel::ISA, flags.cast_unsigned());
    let words = [mount_fd.into(), handle.into(), flags.into()];
    let fd = kernel(cx, libc::SYS_open_by_handle_at, &words)?;
    admit::just_opened(fd)
}

/// `pidfd_getfd(pidfd, targetfd, flags)`: a duplicate of another process's descriptor.
///
/// # Errors
/// - `EACCES`: the file is a process's memory.
/// - The kernel's.
pub(super) fn pidfd_getfd(cx: &mut Cx<'_>, pidfd: i32, targetfd: i32, flags: u32) -> SysResult {
    let words: [Word<'_>; 3] = [pidfd.into(), targetfd.into(), flags.into()];
    admit::used(kernel(cx, libc::SYS_pidfd_getfd, &words)?)
}

/// `struct open_how` as the host has it, checked as the kernel does before anything else.
///
/// # Errors
/// - `EINVAL`: smaller than the first published one.
/// - `E2BIG`: larger than a page, or with fields that the engine does not know.
/// - `EFAULT`: not in guest memory.
fn load_how(memory: GuestMemory, at: GuestAddr, size: u32) -> Result<How, Errno> {
    const KNOWN: usize = size_of::<[u64; 3]>();
    match size as usize {
        0..KNOWN => return Err(Errno::EINVAL),
        4097.. => return Err(Errno::E2BIG),
        _ => {}
    }
    let bytes = memory.load_slice(GuestPtr::<u8>::new(at), size as usize)?;
    if bytes[KNOWN..].iter().any(|&byte| byte != 0) {
        return Err(Errno::E2BIG);
    }
    let word = |n: usize| u64::from_ne_bytes(std::array::from_fn(|i| bytes[n * 8 + i]));
    let (high, low) = (word(0) >> 32 << 32, word(0) as u32);
    let flags = high | u64::from(isa::open_flags_to(crate::kernel::ISA, low));
    Ok(How::of_openat2([flags, word(1), word(2)]))
}
