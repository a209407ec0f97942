//! Why a module does not load.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::Problem;

/// A module that cannot be run, and why.
#[derive(Debug)]
pub struct LoadError {
    path: PathBuf,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Io(io::Error),
    Writing(io::Error),
    Refused(String),
    NoModule(&'static str),
    Invalid(String),
    Unfit(Vec<Problem>),
}

impl LoadError {
    pub(super) fn io(path: &Path, error: io::Error) -> LoadError {
        LoadError::new(path, Reason::Io(error))
    }

    pub(super) fn io_writing(path: &Path, error: io::Error) -> LoadError {
        LoadError::new(path, Reason::Writing(error))
    }

    pub(super) fn refused(path: &Path, message: String) -> LoadError {
        LoadError::new(path, Reason::Refused(message))
    }

    pub(super) fn no_module(path: &Path, what: &'static str) -> LoadError {
        LoadError::new(path, Reason::NoModule(what))
    }

    pub(super) fn invalid(path: &Path, message: String) -> LoadError {
        LoadError::new(path, Reason::Invalid(message))
    }

    pub(super) fn unfit(path: &Path, problems: Vec<Problem>) -> LoadError {
        LoadError::new(path, Reason::Unfit(problems))
    }

    fn new(path: &Path, reason: Reason) -> LoadError {
        let path = path.to_owned();
        LoadError { path, reason }
    }

    /// The exit status a shell would give: 127 when there is no such file, else 126.
    pub fn exit_status(&self) -> u8 {
        match &self.reason {
            Reason::Io(error) if error.kind() == io::ErrorKind::NotFound => 127,
            _ => 126,
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            Reason::Io(error) => write!(f, "reading {path}: {error}"),
            Reason::Writing(error) => write!(f, "writing {path}: {error}"),
            Reason::Refused(message) => write!(f, "{path} is refused: {message}"),
            Reason::NoModule(what) => write!(f, "{path} is not a WebAssembly module: {what}"),
            Reason::Invalid(message) => write!(f, "{path} is not a valid module: {message}"),
            Reason::Unfit(problems) => {
                write!(f, "{path} cannot be run by this engine")?;
                problems
                    .iter()
                    .try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.reason {
            Reason::Io(error) | Reason::Writing(error) => Some(error),
            _ => None,
        }
    }
}
