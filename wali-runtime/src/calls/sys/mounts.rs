//! Mounts of what is already in the tree: `mount` with `MS_BIND`, `open_tree`, `open_tree_attr`.
//!
//! By hand, since a process's memory file may not get another name: threads could open it by that
//! name, and what is opened without following links is known by its name (`shared_open.rs`). The file
//! that is mounted is the one that was looked at, whatever others do to the path meanwhile.

use std::ffi::{CStr, CString};

use crate::calls::gate::{kernel, number_of};
use crate::kernel::Errno;
use crate::kernel::descriptor::Request;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::GuestAddr;
use crate::program::{Cx, Stop, SysResult, paths, pinned};

/// `open_tree`'s flag for a copy that can be mounted elsewhere.
const OPEN_TREE_CLONE: u32 = 1;

/// `mount(source, target, filesystemtype, mountflags, data)`.
///
/// # Errors
/// - `EACCES`: the file to mount elsewhere is a process's memory.
/// - The kernel's.
pub(super) fn mount(
    cx: &mut Cx<'_>,
    source: GuestAddr,
    target: GuestAddr,
    filesystemtype: GuestAddr,
    mountflags: u64,
    data: GuestAddr,
) -> SysResult {
    let memory = cx.data().memory;
    let call = |cx: &mut Cx<'_>, source: HostPtr<'_>| {
        let guest = |addr| HostPtr::guest(memory, addr);
        let words = [
            source.into(),
            guest(target).into(),
            guest(filesystemtype).into(),
            mountflags.into(),
            guest(data).into(),
        ];
        kernel(cx, libc::SYS_mount, &words)
    };
    let kind = mountflags & (libc::MS_BIND | libc::MS_REMOUNT);
    let path = match paths::copied(cx.data(), source, true) {
        Ok(path) if kind == libc::MS_BIND && !path.is_empty() => path,
        // Nothing that the kernel mounts elsewhere.
        _ => return call(cx, HostPtr::guest(memory, source)),
    };
    let source = Source {
        dirfd: libc::AT_FDCWD,
        path,
        flags: 0,
        refusal_of_none: Errno::EINVAL,
    };
    source.looked_at(cx, |cx, _, path| call(cx, path))
}

/// `open_tree(dirfd, filename, flags)`.
///
/// # Errors
/// - `EACCES`: the file to mount elsewhere is a process's memory.
/// - The kernel's.
pub(super) fn open_tree(cx: &mut Cx<'_>, dirfd: i32, filename: GuestAddr, flags: u32) -> SysResult {
    opened(cx, dirfd, filename, flags, |cx, [dirfd, path, flags]| {
        kernel(cx, libc::SYS_open_tree, &[dirfd, path, flags])
    })
}

/// `open_tree_attr(dirfd, filename, flags, attr, size)`: the same, with attributes set.
///
/// # Errors
/// As [`open_tree`].
pub(super) fn open_tree_attr(
    cx: &mut Cx<'_>,
    dirfd: i32,
    filename: GuestAddr,
    flags: u32,
    attr: GuestAddr,
    size: u32,
) -> SysResult {
    const NUMBER: libc::c_long = number_of("open_tree_attr");
    let attr = HostPtr::guest(cx.data().memory, attr);
    opened(cx, dirfd, filename, flags, |cx, [dirfd, path, flags]| {
        kernel(cx, NUMBER, &[dirfd, path, flags, attr.into(), size.into()])
    })
}

/// Makes the call with the words for `dirfd`, `filename` and `flags`.
fn opened(
    cx: &mut Cx<'_>,
    dirfd: i32,
    filename: GuestAddr,
    flags: u32,
    call: impl Fn(&mut Cx<'_>, [Word<'_>; 3]) -> SysResult,
) -> SysResult {
    const EMPTY_PATH: u32 = libc::AT_EMPTY_PATH.cast_unsigned();
    const NO_FOLLOW: u32 = libc::AT_SYMLINK_NOFOLLOW.cast_unsigned();
    let memory = cx.data().memory;
    let path = match paths::copied(cx.data(), filename, flags & NO_FOLLOW == 0) {
        Ok(path) if flags & OPEN_TREE_CLONE != 0 => path,
        // What is not copied cannot be mounted.
        _ => {
            let path = HostPtr::guest(memory, filename);
            return call(cx, [dirfd.into(), path.into(), flags.into()]);
        }
    };
    let is_descriptor = path.is_empty() && flags & EMPTY_PATH != 0;
    let source = Source {
        dirfd,
        path: match is_descriptor {
            true => CString::new(format!("/proc/self/fd/{dirfd}")).unwrap_or_default(),
            false => path,
        },
        flags: match flags & NO_FOLLOW {
            0 => 0,
            _ if is_descriptor => 0,
            _ => libc::O_NOFOLLOW,
        },
        refusal_of_none: Errno::ENOENT,
    };
    source.looked_at(cx, |cx, dirfd, path| {
        let flags = flags & !(NO_FOLLOW | EMPTY_PATH);
        call(cx, [dirfd.into(), path.into(), flags.into()])
    })
}

/// What is to be mounted elsewhere.
struct Source {
    dirfd: i32,
    path: CString,
    /// `O_…` flags to look it up with.
    flags: i32,
    /// What the kernel answers to the empty path, after all else that it finds wrong.
    refusal_of_none: Errno,
}

impl Source {
    /// Makes `call` with a folder and a path that lead to the file that was looked at.
    ///
    /// # Errors
    /// - `EACCES`: the file is a process's memory.
    /// - The kernel's.
    fn looked_at(
        &self,
        cx: &mut Cx<'_>,
        call: impl Fn(&mut Cx<'_>, i32, HostPtr<'_>) -> SysResult,
    ) -> SysResult {
        let request = Request {
            dirfd: self.dirfd,
            path: &self.path,
            flags: libc::O_PATH | self.flags,
            mode: 0,
            resolve: 0,
        };
        let made = pinned::with(request, |file| match &file.path {
            Some(path) => call(cx, libc::AT_FDCWD, text(path)),
            None => call(cx, self.dirfd, text(&self.path)),
        });
        match made {
            Ok(result) => result,
            // What else is wrong with the call comes before that.
            Err(Stop::Errno(errno)) => match call(cx, libc::AT_FDCWD, text(c"")) {
                Err(Stop::Errno(none)) if none == self.refusal_of_none => Err(errno.into()),
                result => result,
            },
            Err(stop) => Err(stop),
        }
    }
}

fn text(path: &CStr) -> HostPtr<'_> {
    HostPtr::input(path.to_bytes_with_nul())
}
