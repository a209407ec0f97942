//! Starting another program in place of this one.

use std::ffi::{CStr, CString};
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};

use super::{Errno, syscall};

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

    /// Opens the file for reading, whatever it is.
    ///
    /// # Errors
    /// The kernel's.
    pub(crate) fn open_at_once(self) -> Result<OwnedFd, Errno> {
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

    /// Whether `file`, opened at this place, is a regular one that this process may execute.
    pub(crate) fn may_execute(self, file: &OwnedFd) -> bool {
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

/// Asks the kernel whether it would execute the file at `place` itself, whatever it holds. Kernels that cannot be
/// asked count as willing.
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

/// The error of executing the file at `place` with lists that cannot be read. The kernel looks at the file
/// first, so an error of the file comes before `EFAULT`.
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
