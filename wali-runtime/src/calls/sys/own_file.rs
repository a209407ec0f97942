//! Calls on paths that show the program its own file where the kernel would show the engine:
//! `readlink`, `readlinkat`, `stat`, `newfstatat`, `statx`, `access`, `faccessat`, `faccessat2`,
//! `truncate`; and what `open.rs` and `exec` need for the same.
//!
//! By hand, since `/proc/self/exe` and its other names are to lead to the module. Paths that reach
//! the link in another way, relative to a folder of /proc or through further links, lead to the
//! engine.

use std::ffi::CStr;

use super::foreign::{Place, kernel_filling};
use crate::calls::gate::kernel;
use crate::kernel::process::process_id;
use crate::kernel::word::{HostPtr, Word};
use crate::kernel::{Errno, descriptor};
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::{Cx, SysResult, is_link_to_it};

/// The longest name that the link is looked for by.
const LONGEST: usize = 64;

/// Whether the path at `path` names the link to the program's file.
pub(super) fn is_link(cx: &Cx<'_>, path: GuestAddr) -> bool {
    let memory = cx.data().memory;
    // What all names of the link begin with decides nearly always.
    match memory.load::<[u8; 2]>(GuestPtr::new(path)) {
        Ok([b'/', b'p' | b'/' | b'.']) => {}
        _ => return false,
    }
    memory
        .read_cstr(path, LONGEST)
        .is_ok_and(|path| is_link_text(cx, &path))
}

/// The same for a path that was read.
pub(crate) fn is_link_text(cx: &Cx<'_>, path: &[u8]) -> bool {
    is_link_to_it(path, process_id(), cx.data().tid)
}

/// The path for a call of the kernel that follows links.
pub(super) fn followed(cx: &Cx<'_>, path: GuestAddr) -> HostPtr<'static> {
    if is_link(cx, path) {
        return HostPtr::input(module(cx).to_bytes_with_nul());
    }
    HostPtr::guest(cx.data().memory, path)
}

/// The path of the program's file.
pub(crate) fn module(cx: &Cx<'_>) -> &'static CStr {
    &cx.data().process.file.path
}

/// The path for a call that follows links unless its flags forbid it.
fn followed_with(cx: &Cx<'_>, path: GuestAddr, at_flags: i32) -> HostPtr<'static> {
    if at_flags & libc::AT_SYMLINK_NOFOLLOW != 0 {
        return HostPtr::guest(cx.data().memory, path);
    }
    followed(cx, path)
}

/// Whether the path leads to a file that the program runs from, which nobody may write meanwhile:
/// the kernel knows only that the engine's own is one.
pub(super) fn is_running(cx: &Cx<'_>, dirfd: i32, path: HostPtr<'_>, at_flags: i32) -> bool {
    descriptor::file_at(dirfd, path, at_flags)
        .is_some_and(|file| cx.data().process.program.files.contains(&file))
}

/// `truncate(path, length)`.
///
/// # Errors
/// - `ETXTBSY`: the program runs from the file.
/// - The kernel's.
pub(super) fn truncate(cx: &mut Cx<'_>, path: GuestAddr, length: i64) -> SysResult {
    let path = followed(cx, path);
    if length < 0 || !is_running(cx, libc::AT_FDCWD, path, 0) {
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
    if !is_link(cx, pathname) {
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

/// `stat(pathname, statbuf)`.
///
/// # Errors
/// The kernel's.
pub(super) fn stat(cx: &mut Cx<'_>, pathname: GuestAddr, statbuf: GuestAddr) -> SysResult {
    newfstatat(cx, libc::AT_FDCWD, pathname, statbuf, 0)
}

/// `newfstatat(dirfd, pathname, statbuf, flags)`.
///
/// # Errors
/// The kernel's.
pub(super) fn newfstatat(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    statbuf: GuestAddr,
    flags: i32,
) -> SysResult {
    let path = followed_with(cx, pathname, flags);
    let words = [dirfd.into(), path.into(), Word::ZERO, flags.into()];
    let place = Place {
        word: 2,
        tag: "stat",
        at: statbuf,
    };
    kernel_filling(cx, libc::SYS_newfstatat, &words, place)
}

/// `statx(dirfd, pathname, flags, mask, statxbuf)`.
///
/// # Errors
/// The kernel's.
pub(super) fn statx(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    flags: i32,
    mask: u32,
    statxbuf: GuestAddr,
) -> SysResult {
    let path = followed_with(cx, pathname, flags);
    let statxbuf = HostPtr::guest(cx.data().memory, statxbuf);
    let words = [
        dirfd.into(),
        path.into(),
        flags.into(),
        mask.into(),
        statxbuf.into(),
    ];
    kernel(cx, libc::SYS_statx, &words)
}

/// `access(pathname, mode)`.
///
/// # Errors
/// The kernel's.
pub(super) fn access(cx: &mut Cx<'_>, pathname: GuestAddr, mode: i32) -> SysResult {
    faccessat(cx, libc::AT_FDCWD, pathname, mode, 0)
}

/// `faccessat(dirfd, pathname, mode, flags)`; as on Linux, nobody looks at the flags.
///
/// # Errors
/// The kernel's.
pub(super) fn faccessat(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    mode: i32,
    _flags: i32,
) -> SysResult {
    let path = followed(cx, pathname);
    kernel(
        cx,
        libc::SYS_faccessat,
        &[dirfd.into(), path.into(), mode.into()],
    )
}

/// `faccessat2(dirfd, pathname, mode, flags)`.
///
/// # Errors
/// The kernel's.
pub(super) fn faccessat2(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    mode: i32,
    flags: i32,
) -> SysResult {
    let path = followed_with(cx, pathname, flags);
    let words = [dirfd.into(), path.into(), mode.into(), flags.into()];
    kernel(cx, libc::SYS_faccessat2, &words)
}
