//! Starting another program in place of this one.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::MetadataExt;

use crate::host::pinned::{self, Request};
use crate::host::{descriptor, syscall};
use crate::{Errno, Stop};

/// A file as `execveat` names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// What a relative path starts from.
    pub(crate) dirfd: i32,
    pub(crate) path: &'a CStr,
    /// `AT_EMPTY_PATH` and `AT_SYMLINK_NOFOLLOW`.
    pub(crate) flags: i32,
}

impl<'a> Place<'a> {
    /// The file at a path as such.
    pub(crate) fn path(path: &'a CStr) -> Place<'a> {
        Place {
            dirfd: libc::AT_FDCWD,
            path,
            flags: 0,
        }
    }

    /// The first bytes of the file, if it is a regular one that this process may execute and read.
    pub(crate) fn head_of_executable<const N: usize>(self) -> Option<Vec<u8>> {
        let file = self.open().ok()?;
        if !self.may_execute(&file) {
            return None;
        }
        let mut head = vec![0; N];
        // SAFETY: the buffer is valid for its length.
        let len = unsafe { libc::pread(file.as_raw_fd(), head.as_mut_ptr().cast(), N, 0) };
        head.truncate(usize::try_from(len).ok()?);
        Some(head)
    }

    /// Opens the file for reading, so that it cannot be a process's memory even for a moment.
    fn open(self) -> Result<OwnedFd, Errno> {
        if !descriptor::are_shared() || self.path.is_empty() {
            return self.open_at_once();
        }
        let nofollow = match self.flags & libc::AT_SYMLINK_NOFOLLOW {
            0 => 0,
            _ => libc::O_NOFOLLOW,
        };
        let request = Request {
            dirfd: self.dirfd,
            path: self.path,
            flags: libc::O_PATH | nofollow,
            mode: 0,
            resolve: 0,
        };
        let opened = pinned::with(request, |file| match &file.path {
            Some(_) if file.is_link => Err(Errno::ELOOP),
            Some(path) => Place::path(path).open_at_once(),
            None => self.open_at_once(),
        });
        match opened {
            Ok(opened) => opened,
            Err(Stop::Errno(errno)) => Err(errno),
            Err(_) => Err(Errno::EINTR),
        }
    }

    fn open_at_once(self) -> Result<OwnedFd, Errno> {
        let nofollow = self.flags & libc::AT_SYMLINK_NOFOLLOW != 0;
        let flags = libc::O_RDONLY
            | libc::O_CLOEXEC
            | libc::O_NONBLOCK
            | libc::O_NOCTTY
            | if nofollow { libc::O_NOFOLLOW } else { 0 };
        // SAFETY: the path is a C string; the new descriptor is owned by nobody else.
        unsafe {
            let fd = if self.path.is_empty() && self.flags & libc::AT_EMPTY_PATH != 0 {
                // Anew: the descriptor may be one that nothing can be read from.
                let link = CString::new(format!("/proc/self/fd/{}", self.dirfd));
                let link = link.map_err(|_| Errno::EINVAL)?;
                libc::open(link.as_ptr(), flags & !libc::O_NOFOLLOW)
            } else {
                libc::openat(self.dirfd, self.path.as_ptr(), flags)
            };
            if fd < 0 {
                Err(Errno::last())
            } else {
                Ok(OwnedFd::from_raw_fd(fd))
            }
        }
    }

    fn may_execute(self, file: &OwnedFd) -> bool {
        // SAFETY: the structure is plain data for the kernel to fill; the strings are C strings.
        unsafe {
            let mut status: libc::stat = std::mem::zeroed();
            libc::fstat(file.as_raw_fd(), &mut status) == 0
                && status.st_mode & libc::S_IFMT == libc::S_IFREG
                && libc::faccessat(
                    file.as_raw_fd(),
                    c"".as_ptr(),
                    libc::X_OK,
                    libc::AT_EACCESS | libc::AT_EMPTY_PATH,
                ) == 0
        }
    }
}

/// The present path of the file, if it has one.
pub(crate) fn resolved(place: Place<'_>) -> Option<CString> {
    let file = place.open().ok()?;
    let link = format!("/proc/self/fd/{}", file.as_raw_fd());
    let path = std::fs::read_link(link).ok()?;
    let (found, opened) = (
        std::fs::metadata(&path).ok()?,
        File::from(file).metadata().ok()?,
    );
    let same = found.dev() == opened.dev() && found.ino() == opened.ino();
    same.then(|| CString::new(path.into_os_string().into_vec()).ok())
        .flatten()
}

/// A path that leads to the file in the program that is executed, whatever becomes of its name and
/// of the guest's descriptor: a descriptor that stays open.
///
/// # Errors
/// The kernel's.
pub(crate) fn kept_open(place: Place<'_>) -> Result<(OwnedFd, CString), Errno> {
    let file = place.open()?;
    // SAFETY: numbers only; the new descriptor is owned by nobody else.
    let kept = unsafe {
        let fd = libc::fcntl(file.as_raw_fd(), libc::F_DUPFD, 3);
        if fd < 0 {
            return Err(Errno::last());
        }
        OwnedFd::from_raw_fd(fd)
    };
    let path = format!("/proc/self/fd/{}", kept.as_raw_fd());
    Ok((kept, CString::new(path).map_err(|_| Errno::EINVAL)?))
}

/// The flag with which `execveat` judges a file and executes nothing (Linux 6.14).
pub(crate) const AT_EXECVE_CHECK: i32 = 0x1_0000;

/// `execveat`: returns when it fails, and with [`AT_EXECVE_CHECK`].
///
/// `argv` and `envp` end with 0; before that they hold addresses in the guest's reservation or of
/// C strings that the caller keeps.
///
/// # Errors
/// The kernel's.
pub(crate) fn execveat(place: Place<'_>, argv: &[usize], envp: &[usize]) -> Result<i64, Errno> {
    debug_assert_eq!([argv.last(), envp.last()], [Some(&0); 2]);
    call(place, argv.as_ptr().addr(), envp.as_ptr().addr())
}

/// What the kernel says of executing the file at `place` itself, whatever it holds. A kernel that
/// does not tell says nothing against it.
///
/// # Errors
/// The kernel's.
pub(crate) fn check(place: Place<'_>, argv: &[usize], envp: &[usize]) -> Result<(), Errno> {
    let flags = place.flags | AT_EXECVE_CHECK;
    match execveat(Place { flags, ..place }, argv, envp) {
        Ok(_) | Err(Errno::EINVAL) => Ok(()),
        Err(errno) => Err(errno),
    }
}

/// The error of executing the file at `place` with lists that cannot be read: the kernel looks at
/// the file first.
pub(crate) fn error_without_lists(place: Place<'_>) -> Errno {
    // An address that no process has.
    const NOWHERE: usize = 1 << 62;
    call(place, NOWHERE, NOWHERE).err().unwrap_or(Errno::EFAULT)
}

fn call(place: Place<'_>, argv: usize, envp: usize) -> Result<i64, Errno> {
    let args = [
        place.dirfd as usize,
        place.path.as_ptr().addr(),
        argv,
        envp,
        place.flags as usize,
        0,
    ];
    // SAFETY: the kernel checks the lists' addresses and those in them. Where it executes a file,
    // the lists are the caller's and end with 0.
    unsafe { syscall::immediate(libc::SYS_execveat, &args) }
}

/// Whether `exec` closes the descriptor that `place` starts from: then no path leads through it.
pub(crate) fn is_lost_by_exec(place: Place<'_>) -> bool {
    if place.dirfd == libc::AT_FDCWD || place.path.to_bytes().starts_with(b"/") {
        return false;
    }
    // SAFETY: reads the descriptor's flags.
    let flags = unsafe { libc::fcntl(place.dirfd, libc::F_GETFD) };
    flags >= 0 && flags & libc::FD_CLOEXEC != 0
}
