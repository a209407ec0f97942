//! Why a loaded program does not start.

use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::kernel::Errno;

/// Why a loaded program does not start.
///
/// The text says what to do, and has that of the [`source`](Error::source) in it.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The process has begun a program already.
    SecondProgram,
    /// The calling thread is not the process's first.
    NotFirstThread,
    /// The module exports no function of this name without parameters and results.
    NoExport(String),
    /// An argument or an entry of the environment has a NUL in it, where every program would see its end.
    Nul(OsString),
    /// There is no room for the program's memory.
    Memory(Errno),
    /// This working directory cannot be entered.
    CurrentDir(PathBuf, io::Error),
    /// A stream cannot be put in its place.
    Streams(io::Error),
    /// The module's instance could not be made.
    Instance(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::SecondProgram => f.write_str(
                "this process has begun a program already, and runs one only; start another process",
            ),
            StartError::NotFirstThread => f.write_str(
                "a program runs on its process's first thread, and this is another; \
                 run it where `main` is called",
            ),
            StartError::NoExport(name) => write!(
                f,
                "the module exports no function {name} without parameters and results"
            ),
            StartError::Nul(text) => {
                write!(f, "{text:?} has a NUL, which no program can be given; leave it out")
            }
            StartError::Memory(errno) => write!(
                f,
                "reserving 8 GiB of address space for the program's memory: {errno}; \
                 raise the limit on virtual memory (ulimit -v)"
            ),
            StartError::CurrentDir(dir, error) => {
                write!(f, "entering the program's working directory {}: {error}", dir.display())
            }
            StartError::Streams(error) => write!(f, "setting the program's streams: {error}"),
            StartError::Instance(error) => {
                f.write_str("starting the module")?;
                let mut cause: Option<&dyn Error> = Some(&**error);
                while let Some(error) = cause {
                    write!(f, ": {error}")?;
                    cause = error.source();
                }
                Ok(())
            }
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            StartError::CurrentDir(_, error) | StartError::Streams(error) => Some(error),
            StartError::Instance(error) => Some(&**error),
            _ => None,
        }
    }
}
