//! Calls on paths that tell of the program's own file, or write it: `readlink`, `readlinkat`, `truncate`.
//!
//! By hand: the link `/proc/self/exe` says where the module is, and the kernel knows only that the
//! engine's own file is in use.

use crate::calls::gate::kernel;
use crate::calls::text_busy;
use crate::kernel::Errno;
use crate::kernel::word::HostPtr;
use crate::memory::GuestAddr;
use crate::program::{Cx, SysResult, paths};

/// `truncate(path, length)`.
///
/// # Errors
/// - `ETXTBSY`: the program runs from the file.
/// - The kernel's.
pub(super) fn truncate(cx: &mut Cx<'_>, path: GuestAddr, length: i64) -> SysResult {
    let path = paths::given(cx.data(), path, true);
    if length < 0 || !text_busy::is_running(cx, libc::AT_FDCWD, path, 0) {
        return kernel(cx, libc::SYS_truncate, &[path.into(), length.into()]);
    }
    // Whoever may not write it is told so first.
    let words = [
        libc::AT_FDCWD.into(),
        path.into(),
        libc::W_OK.into(),
        libc::AT_EACCESS.into(),
    ];
    kernel(cx, libc::SYS_faccessat2, &words)?;
    Err(Errno::ETXTBSY.into())
}

/// `readlink(pathname, buf, bufsiz)`.
///
/// # Errors
/// The kernel's.
pub(super) fn readlink(
    cx: &mut Cx<'_>,
    pathname: GuestAddr,
    buf: GuestAddr,
    bufsiz: u32,
) -> SysResult {
    readlinkat(cx, libc::AT_FDCWD, pathname, buf, bufsiz)
}

/// `readlinkat(dirfd, pathname, buf, bufsiz)`.
///
/// # Errors
/// The kernel's.
pub(super) fn readlinkat(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    buf: GuestAddr,
    bufsiz: u32,
) -> SysResult {
    let memory = cx.data().memory;
    let path = HostPtr::guest(memory, pathname);
    if !paths::is_own_link(cx.data(), pathname) {
        let buf = HostPtr::guest(memory, buf);
        let words = [dirfd.into(), path.into(), buf.into(), bufsiz.into()];
        return kernel(cx, libc::SYS_readlinkat, &words);
    }
    // Whether there is such a link, and whether the size is one, is the kernel's to say.
    let mut unseen = [0_u8];
    let size = bufsiz.cast_signed().min(1);
    let words = [
        dirfd.into(),
        path.into(),
        HostPtr::output(&mut unseen).into(),
        size.into(),
    ];
    kernel(cx, libc::SYS_readlinkat, &words)?;
    let shown = cx.data().process.file.shown.to_bytes();
    let len = shown.len().min(bufsiz as usize);
    memory.write_bytes(buf, &shown[..len])?;
    i64::try_from(len).map_err(|_| Errno::EINVAL.into())
}
