//! The file of a program that is to be executed, as the engine looks at it.

use std::ffi::CString;
use std::fs::File;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};

use crate::kernel::Errno;
use crate::kernel::descriptor::{self, Request};
use crate::kernel::execve::Place;
use crate::program::{Stop, pinned};

impl Place<'_> {
    /// The first bytes of the file, if it is a regular one that this process may execute and read.
    pub(crate) fn head_of_executable<const N: usize>(self) -> Option<Vec<u8>> {
        let file = self.open().ok()?;
        if !self.may_execute(&file) {
            return None;
        }
        let mut head = vec![0; N];
        let len = File::from(file).read_at(&mut head, 0).ok()?;
        head.truncate(len);
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
    let kept = descriptor::kept_by_exec(&file)?;
    let path = format!("/proc/self/fd/{}", kept.as_raw_fd());
    Ok((kept, CString::new(path).map_err(|_| Errno::EINVAL)?))
}
