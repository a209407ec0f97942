//! Opening files in a process whose descriptors others can use: further threads, or a process that
//! shares them. A process's memory may not be among the descriptors even for a moment.
//!
//! - What is made anew, and a folder, is no process's memory.
//! - Where no symbolic link is followed, the path's last name is the file's own, and that of a
//!   process's memory is `mem`: nobody mounts it elsewhere (`mounts.rs`). (What a native program has
//!   mounted is found after it was opened.)
//! - Where links are followed, the kernel is asked for the path that they lead to, and that path is
//!   opened without following any. A descriptor that only stands for a place (`O_PATH`) gives no
//!   access, whatever the place is.
//! - Everything else is opened through [`pinned`]: looked at first, and then opened as just the file
//!   that was looked at.

use std::ffi::{CStr, CString};

use crate::calls::admit;
use crate::calls::gate::kernel;
use crate::kernel::Errno;
use crate::kernel::descriptor::{self, Request};
use crate::kernel::word::HostPtr;
use crate::memory::GuestAddr;
use crate::program::{Cx, Stop, SysResult, paths, pinned};

/// So often a file is looked for that comes and goes.
const ATTEMPTS: usize = 16;

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct How {
    /// `struct open_how`: flags, mode, resolve.
    pub(super) words: [u64; 3],
    /// Whether the guest asked with `openat`, so that it may succeed where there is no `openat2`.
    by_openat: bool,
}

impl How {
    /// What `openat` makes of its arguments: it ignores what it does not know.
    pub(super) fn of_openat(flags: i32, mode: u32) -> How {
        const KNOWN: i32 = libc::O_ACCMODE
            | libc::O_CREAT
            | libc::O_EXCL
            | libc::O_NOCTTY
            | libc::O_TRUNC
            | libc::O_APPEND
            | libc::O_NONBLOCK
            | libc::O_SYNC
            | libc::O_DSYNC
            | libc::O_ASYNC
            | libc::O_DIRECT
            | libc::O_DIRECTORY
            | libc::O_NOFOLLOW
            | libc::O_NOATIME
            | libc::O_CLOEXEC
            | libc::O_PATH
            | libc::O_TMPFILE;
        const WITH_PATH: i32 =
            libc::O_DIRECTORY | libc::O_NOFOLLOW | libc::O_PATH | libc::O_CLOEXEC;
        let mut flags = flags & KNOWN;
        if flags & libc::O_PATH != 0 {
            flags &= WITH_PATH;
        }
        let makes = flags & (libc::O_CREAT | libc::O_TMPFILE & !libc::O_DIRECTORY) != 0;
        let mode = if makes { mode & 0o7777 } else { 0 };
        How {
            words: [flags as u64, u64::from(mode), 0],
            by_openat: true,
        }
    }

    /// What `openat2` is told.
    pub(super) fn of_openat2(words: [u64; 3]) -> How {
        How {
            words,
            by_openat: false,
        }
    }

    fn flags(self) -> i32 {
        self.words[0] as i32
    }

    fn has(self, flags: i32) -> bool {
        self.flags() & flags == flags
    }

    fn with(self, flags: i32) -> How {
        let [own, mode, resolve] = self.words;
        self.with_words([own | flags as u64, mode, resolve])
    }

    fn with_words(self, words: [u64; 3]) -> How {
        How { words, ..self }
    }

    /// Whether it goes wherever links lead.
    fn follows_links(self) -> bool {
        !self.has(libc::O_NOFOLLOW) && self.words[2] == 0
    }

    /// Whether whatever it opens is a folder or did not exist before.
    fn opens_only_new_or_folders(self) -> bool {
        match self.has(libc::O_CREAT) {
            true => self.has(libc::O_EXCL),
            false => self.has(libc::O_DIRECTORY),
        }
    }
}

/// Opens the file as `openat2` does, unless it is a process's memory.
///
/// # Errors
/// - `EACCES`: the file is a process's memory.
/// - The kernel's.
pub(super) fn open_looked_at(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    how: How,
) -> SysResult {
    let path = match paths::copied(cx.data(), pathname, how.follows_links()) {
        Ok(path) => path,
        // The kernel looks at the flags before it looks at the path.
        Err(Errno::EFAULT) => return open(cx, dirfd, HostPtr::NULL, how),
        Err(errno) => return Err(errno.into()),
    };
    let text = HostPtr::input(path.to_bytes_with_nul());
    if how.opens_only_new_or_folders() {
        return open(cx, dirfd, text, how);
    }
    if !is_called_mem(&path) {
        let [flags, mode, resolve] = how.words;
        let straight = how.with_words([flags, mode, resolve | libc::RESOLVE_NO_SYMLINKS]);
        match open(cx, dirfd, text, straight) {
            Err(Stop::Errno(Errno::ELOOP)) => {
                if let Some(fd) = open_by_own_path(cx, dirfd, &path, how)? {
                    return admit::just_opened(fd);
                }
            }
            Err(Stop::Errno(Errno::ENOSYS)) => {}
            result => return admit::just_opened(result?),
        }
    }
    let path = without_thread_self(cx.data().tid, &path).unwrap_or(path);
    for _ in 0..ATTEMPTS {
        let opened = look_and_open(cx, dirfd, &path, how, libc::O_PATH);
        if !matches!(opened, Err(Stop::Errno(Errno::ENOENT))) || !how.has(libc::O_CREAT) {
            return opened;
        }
        let text = HostPtr::input(path.to_bytes_with_nul());
        match open(cx, dirfd, text, how.with(libc::O_EXCL)) {
            Err(Stop::Errno(Errno::EEXIST)) => {}
            result => return result,
        }
        // A link that leads to nothing yet, or a file that is there by now.
        let make =
            how.flags() & libc::O_ACCMODE | libc::O_CREAT | libc::O_NONBLOCK | libc::O_NOCTTY;
        let opened = look_and_open(cx, dirfd, &path, how, make);
        if !matches!(opened, Err(Stop::Errno(Errno::ENOENT))) {
            return opened;
        }
    }
    Err(Errno::ENOENT.into())
}

/// Opens the file that `path` leads to by the path that the kernel tells of it, if it is found there.
///
/// # Errors
/// A signal has to be handled first.
fn open_by_own_path(
    cx: &mut Cx<'_>,
    dirfd: i32,
    path: &CStr,
    how: How,
) -> Result<Option<i64>, Stop> {
    // What is emptied has to be the right file at once.
    if how.words[2] != 0 || how.has(libc::O_TRUNC) {
        return Ok(None);
    }
    let place = libc::O_PATH | libc::O_CLOEXEC | how.flags() & libc::O_NOFOLLOW;
    let (own, whereabouts) = {
        let _passing = descriptor::lock_passing();
        let text = HostPtr::input(path.to_bytes_with_nul());
        let fd = match open(cx, dirfd, text, how.with_words([place as u64, 0, 0])) {
            Ok(fd) => fd as i32,
            Err(Stop::Errno(_)) => return Ok(None),
            Err(stop) => return Err(stop),
        };
        let told = (descriptor::path_of(fd), descriptor::whereabouts(fd));
        descriptor::close(fd);
        told
    };
    let Some(own) = own.and_then(|own| CString::new(own).ok()) else {
        return Ok(None);
    };
    if !own.to_bytes().starts_with(b"/") || is_called_mem(&own) || whereabouts.is_none() {
        return Ok(None);
    }
    let flags = how.flags() & !(libc::O_CREAT | libc::O_NOFOLLOW);
    let straight = how.with_words([flags as u64, 0, libc::RESOLVE_NO_SYMLINKS]);
    let text = HostPtr::input(own.to_bytes_with_nul());
    match open(cx, libc::AT_FDCWD, text, straight) {
        Ok(fd) if descriptor::whereabouts(fd as i32) == whereabouts => Ok(Some(fd)),
        Ok(fd) => {
            descriptor::close(fd as i32);
            Ok(None)
        }
        Err(Stop::Errno(errno)) if errno != Errno::EINTR => Ok(None),
        Err(stop) => Err(stop),
    }
}

/// Opens the file in the helper with `flags`, then as the guest wants it.
fn look_and_open(cx: &mut Cx<'_>, dirfd: i32, path: &CStr, how: How, flags: i32) -> SysResult {
    let makes = flags & libc::O_CREAT != 0;
    let request = Request {
        dirfd,
        path,
        flags: flags | how.flags() & libc::O_NOFOLLOW,
        mode: if makes { how.words[1] as u32 } else { 0 },
        resolve: how.words[2],
    };
    let opened = pinned::with(request, |file| {
        if file.is_link && !how.has(libc::O_PATH) {
            return Err(Errno::ELOOP.into());
        }
        file.path
            .as_deref()
            .map(|pinned| reopen(cx, how, pinned))
            .transpose()
    })??;
    match opened {
        Some(fd) => admit::just_opened(fd),
        // There is no /proc.
        None => Ok(i64::from(pinned::open_apart(Request {
            flags: how.flags() & !libc::O_EXCL,
            mode: how.words[1] as u32,
            ..request
        })?)),
    }
}

/// Opens the file that `pinned` leads to as the guest wants it.
fn reopen(cx: &mut Cx<'_>, how: How, pinned: &CStr) -> SysResult {
    const DONE: i32 = libc::O_CREAT | libc::O_EXCL | libc::O_NOFOLLOW;
    let how = how.with_words([(how.flags() & !DONE) as u64, 0, 0]);
    let path = HostPtr::input(pinned.to_bytes_with_nul());
    open(cx, libc::AT_FDCWD, path, how)
}

fn open(cx: &mut Cx<'_>, dirfd: i32, path: HostPtr<'_>, how: How) -> SysResult {
    let words = [
        dirfd.into(),
        path.into(),
        HostPtr::input(&how.words).into(),
        (size_of_val(&how.words) as u64).into(),
    ];
    match kernel(cx, libc::SYS_openat2, &words) {
        // Linux before 5.6, and sandboxes that know no newer call.
        Err(Stop::Errno(Errno::ENOSYS)) if how.by_openat && how.words[2] == 0 => {
            let words = [
                dirfd.into(),
                path.into(),
                how.words[0].into(),
                how.words[1].into(),
            ];
            kernel(cx, libc::SYS_openat, &words)
        }
        result => result,
    }
}

/// Whether the path's last name is that of a process's memory.
fn is_called_mem(path: &CStr) -> bool {
    let names = path.to_bytes().split(|&byte| byte == b'/');
    names.rev().find(|name| !name.is_empty()) == Some(b"mem")
}

/// The path with the calling thread's own folder in /proc, which the helper has another one of.
fn without_thread_self(tid: i32, path: &CStr) -> Option<CString> {
    let rest = path.to_bytes().strip_prefix(b"/proc/thread-self")?;
    if !rest.is_empty() && !rest.starts_with(b"/") {
        return None;
    }
    let mut named = format!("/proc/self/task/{tid}").into_bytes();
    named.extend_from_slice(rest);
    CString::new(named).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_name_counts() {
        let cases = [
            (c"/proc/self/mem", true),
            (c"mem", true),
            (c"/proc/self/mem//", true),
            (c"/proc/self/mem/x", false),
            (c"/proc/self/memory", false),
            (c"", false),
        ];
        for (path, expected) in cases {
            assert_eq!(is_called_mem(path), expected, "{path:?}");
        }
    }

    #[test]
    fn unknown_flags_are_ignored_as_openat_does() {
        let how = How::of_openat(libc::O_RDWR | 1 << 30, 0o644);
        assert_eq!(how.words, [libc::O_RDWR as u64, 0, 0]);
        let how = How::of_openat(libc::O_WRONLY | libc::O_CREAT, 0o100_644);
        let expected = (libc::O_WRONLY | libc::O_CREAT) as u64;
        assert_eq!(how.words, [expected, 0o644, 0]);
        let how = How::of_openat(libc::O_PATH | libc::O_RDWR, 0);
        assert_eq!(how.words, [libc::O_PATH as u64, 0, 0]);
        let folder = How::of_openat(libc::O_DIRECTORY, 0o777);
        assert!(folder.opens_only_new_or_folders() && folder.words[1] == 0);
    }

    #[test]
    fn a_threads_own_folder_is_named_by_its_number() {
        let named = without_thread_self(7, c"/proc/thread-self/comm");
        assert_eq!(named.as_deref(), Some(c"/proc/self/task/7/comm"));
        assert_eq!(without_thread_self(7, c"/proc/thread-selfish"), None);
        assert_eq!(without_thread_self(7, c"thread-self"), None);
    }
}
