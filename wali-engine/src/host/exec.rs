//! Starting another program in place of this one.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::MetadataExt;

use crate::Errno;
use crate::host::syscall;

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

    fn open(self) -> Result<OwnedFd, Errno> {
        let nofollow = self.flags & libc::AT_SYMLINK_NOFOLLOW != 0;
        let flags = libc::O_RDONLY
            | libc::O_CLOEXEC
            | libc::O_NONBLOCK
            | libc::O_NOCTTY
            | if nofollow { libc::O_NOFOLLOW } else { 0 };
        // SAFETY: the path is a C string; the new descriptor is owned by nobody else.
        unsafe {
            let fd = if self.path.is_empty() && self.flags & libc::AT_EMPTY_PATH != 0 {
                libc::fcntl(self.dirfd, libc::F_DUPFD_CLOEXEC, 0)
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

/// `execveat`: returns only when it fails.
///
/// `argv` and `envp` end with 0; before that they hold addresses in the guest's reservation or of
/// C strings that the caller keeps.
pub(crate) fn execveat(place: Place<'_>, argv: &[usize], envp: &[usize]) -> Errno {
    debug_assert_eq!([argv.last(), envp.last()], [Some(&0); 2]);
    let args = [
        place.dirfd as usize,
        place.path.as_ptr().addr(),
        argv.as_ptr().addr(),
        envp.as_ptr().addr(),
        place.flags as usize,
        0,
    ];
    // SAFETY: the lists are valid and end with 0; the kernel checks the addresses in them.
    match unsafe { syscall::immediate(libc::SYS_execveat, &args) } {
        Err(errno) => errno,
        // A success does not come back.
        Ok(_) => Errno::EIO,
    }
}
