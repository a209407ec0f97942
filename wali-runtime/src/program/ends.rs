//! The ways out of a system call that are not a result: an errno, or an end.

use std::fmt;

use crate::kernel::Errno;

/// What a hand-written system call returns: the kernel's result, or why there is none.
pub(crate) type SysResult = Result<i64, Stop>;

/// Why a call has no result.
#[derive(Debug)]
pub(crate) enum Stop {
    /// An error of the call: the guest gets it as `-errno`.
    Errno(Errno),
    /// A signal has to be handled first; then the whole call starts anew. The guest never sees it.
    Interrupted,
    /// The guest ends here; its Wasm frames are left behind.
    Ended(Ended),
    /// An error of wasmtime's that unwinds the guest's frames: an exception that is thrown on, or a trap.
    Unwind(wasmtime::Error),
}

/// An end that is not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The calling thread ends with this status; others go on.
    Thread(i32),
    /// The module called a `longjmp` that the engine cannot serve.
    Longjmp,
}

impl Stop {
    /// The error that makes wasmtime unwind the guest; an errno is no such error.
    fn into_unwind(self) -> Result<i64, wasmtime::Error> {
        match self {
            Stop::Errno(errno) => Ok(errno.to_raw()),
            Stop::Interrupted => Ok(Errno::EINTR.to_raw()),
            Stop::Ended(ended) => Err(wasmtime::Error::new(ended)),
            Stop::Unwind(error) => Err(error),
        }
    }
}

/// Turns a call's outcome into what the guest's import returns. The one place where an errno
/// becomes a negative number.
#[inline]
pub(crate) fn finish(result: SysResult) -> wasmtime::Result<i64> {
    match result {
        Ok(value) => Ok(value),
        Err(stop) => stop.into_unwind(),
    }
}

impl From<Errno> for Stop {
    fn from(errno: Errno) -> Stop {
        Stop::Errno(errno)
    }
}

impl From<Ended> for Stop {
    fn from(ended: Ended) -> Stop {
        Stop::Ended(ended)
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ended::Thread(status) => write!(f, "the thread ended with status {status}"),
            Ended::Longjmp => f.write_str("the program called longjmp through an import"),
        }
    }
}

impl std::error::Error for Ended {}
