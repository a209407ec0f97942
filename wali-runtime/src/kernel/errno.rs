//! Error numbers: what a system call that fails returns to the guest.

use std::fmt;
use std::io;

/// An error number, 1 to 4095. The numbers are the same on every architecture the engine runs on.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Errno(u16);

/// Defines each named constant from the host's number of the same name.
macro_rules! named {
    ($($name:ident)*) => {
        #[allow(missing_docs, reason = "the names are errno(3)'s")]
        impl Errno {
            $(pub const $name: Errno = Errno(libc::$name as u16);)*
        }
    };
}

named! {
    EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT EBUSY
    EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS
    EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOSYS ENOTEMPTY ELOOP ENODATA ETIME EOVERFLOW
    EPROTO EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE ENOPROTOOPT EOPNOTSUPP EAFNOSUPPORT ENOBUFS ETIMEDOUT
}

impl Errno {
    /// The number from a raw kernel result: an error is -4095 to -1.
    pub fn check(raw: i64) -> Result<i64, Errno> {
        match raw {
            -4095..=-1 => Err(Errno(raw.unsigned_abs() as u16)),
            result => Ok(result),
        }
    }

    /// The number that the host's libc left after a failed call.
    pub fn last() -> Errno {
        io::Error::last_os_error()
            .raw_os_error()
            .and_then(|number| u16::try_from(number).ok())
            .map_or(Errno::EIO, Errno)
    }

    /// The number itself.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The value that a failed system call returns.
    pub const fn to_raw(self) -> i64 {
        -(self.0 as i64)
    }
}

impl From<rustix::io::Errno> for Errno {
    fn from(errno: rustix::io::Errno) -> Errno {
        u16::try_from(errno.raw_os_error()).map_or(Errno::EIO, Errno)
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match wali_abi::errno(self.0) {
            Some(entry) => write!(f, "{} ({})", entry.name, entry.text),
            None => write!(f, "error number {}", self.0),
        }
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match wali_abi::errno(self.0) {
            Some(entry) => f.write_str(entry.name),
            None => write!(f, "Errno({})", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_minus_4095_to_minus_1_are_errors() {
        assert_eq!(Errno::check(0), Ok(0));
        assert_eq!(Errno::check(-1), Err(Errno::EPERM));
        assert_eq!(Errno::check(-4095).map_err(Errno::number), Err(4095));
        assert_eq!(Errno::check(-4096), Ok(-4096));
    }

    #[test]
    fn an_errno_prints_its_name() {
        assert_eq!(format!("{:?}", Errno::ENOENT), "ENOENT");
        assert!(Errno::ENOENT.to_string().starts_with("ENOENT ("));
    }
}
