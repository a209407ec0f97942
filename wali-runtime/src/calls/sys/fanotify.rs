//! Notices about files: `fanotify_mark`. The others are the kernel's as they are.
//!
//! By hand: a notice may bring an open descriptor of the file it is about.

use crate::calls::gate::kernel;
use crate::kernel::Errno;
use crate::kernel::descriptor::Request;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::GuestAddr;
use crate::program::{Cx, Stop, SysResult, paths, pinned};

/// `FAN_MARK_ADD` and `FAN_MARK_DONT_FOLLOW`.
const ADD: u32 = 1;
const DONT_FOLLOW: u32 = 4;

/// An address at which no process has anything.
const NOWHERE: u32 = 8;

/// `fanotify_mark(fanotify_fd, flags, mask, dirfd, pathname)`.
///
/// # Errors
/// - `EPERM`: the file is one of /proc; a notice could bring a process's memory.
/// - The kernel's.
pub(super) fn fanotify_mark(
    cx: &mut Cx<'_>,
    fanotify_fd: i32,
    flags: u32,
    mask: u64,
    dirfd: i32,
    pathname: GuestAddr,
) -> SysResult {
    let front = [fanotify_fd.into(), flags.into(), mask.into(), dirfd.into()];
    let call = |cx: &mut Cx<'_>, [fd, flags, mask, dirfd]: [Word<'_>; 4], path: HostPtr<'_>| {
        let words = [fd, flags, mask, dirfd, path.into()];
        kernel(cx, libc::SYS_fanotify_mark, &words)
    };
    if flags & ADD == 0 {
        let path = HostPtr::guest(cx.data().memory, pathname);
        return call(cx, front, path);
    }
    // What is wrong with the other arguments the kernel finds first.
    match call(cx, front, HostPtr::number(NOWHERE)) {
        Err(Stop::Errno(Errno::EFAULT)) => {}
        other => return other,
    }
    let path = match pathname.is_null() {
        true => std::ffi::CString::new(format!("/proc/thread-self/fd/{dirfd}"))
            .map_err(|_| Errno::EBADF)?,
        false => paths::copied(cx.data(), pathname, flags & DONT_FOLLOW == 0)?,
    };
    let nofollow = match flags & DONT_FOLLOW {
        0 => 0,
        _ => libc::O_NOFOLLOW,
    };
    let request = Request {
        dirfd,
        path: &path,
        flags: libc::O_PATH | nofollow,
        mode: 0,
        resolve: 0,
    };
    let marked = pinned::with(request, |file| {
        if file.is_of_proc {
            // Differs from Linux: files of /proc are not watched.
            return Err(Errno::EPERM.into());
        }
        let Some(pinned) = &file.path else {
            return call(cx, front, HostPtr::input(path.to_bytes_with_nul()));
        };
        let followed = (flags & !DONT_FOLLOW).into();
        let front = [front[0], followed, front[2], libc::AT_FDCWD.into()];
        call(cx, front, HostPtr::input(pinned.to_bytes_with_nul()))
    });
    match marked {
        Err(Stop::Errno(Errno::ENOENT)) if pathname.is_null() => Err(Errno::EBADF.into()),
        marked => marked?,
    }
}
