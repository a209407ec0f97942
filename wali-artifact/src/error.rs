//! Why a module or a compiled program does not load.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use wali_text::{shown, shown_lines, shown_path};

/// A program that cannot be run, and why.
#[derive(Debug)]
pub struct LoadError {
    path: PathBuf,
    kind: LoadErrorKind,
}

/// Why a program cannot be run.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadErrorKind {
    /// Its file cannot be read.
    Reading(io::Error),
    /// What was made of it cannot be written.
    Writing(io::Error),
    /// It could be a compiled program, but not one to be executed: the sentence for the user.
    Refused(String),
    /// It is no module: what it is.
    NoModule(&'static str),
    /// It is no valid module, or none that can be compiled: the sentence for the user.
    Invalid(String),
    /// It is a module that the engine does not serve: a line for each reason.
    Unfit(Vec<String>),
    /// It is a module that nobody has compiled, and there is no compiler.
    NoCompiler,
    /// It has to be compiled, and this program, the compiler, does not start.
    CompilerNotStarted(PathBuf, io::Error),
    /// The compiler, another process, has said so.
    Reported {
        /// What it has written.
        message: String,
        /// The exit status it has given.
        exit_status: u8,
    },
}

impl LoadError {
    /// The program at `path` cannot be run because of `kind`.
    pub fn new(path: &Path, kind: LoadErrorKind) -> LoadError {
        let path = path.to_owned();
        LoadError { path, kind }
    }

    /// The file at `path` cannot be read.
    pub fn reading(path: &Path, error: io::Error) -> LoadError {
        LoadError::new(path, LoadErrorKind::Reading(error))
    }

    /// The compiled program at `path` cannot be executed, or none can be made of the module there.
    pub fn refused(path: &Path, why: impl fmt::Display) -> LoadError {
        LoadError::new(path, LoadErrorKind::Refused(why.to_string()))
    }

    /// The file at `path` is no valid module.
    pub fn invalid(path: &Path, why: impl fmt::Display) -> LoadError {
        LoadError::new(path, LoadErrorKind::Invalid(why.to_string()))
    }

    /// The engine does not serve the module at `path`.
    pub fn unfit<P: fmt::Display>(path: &Path, problems: &[P]) -> LoadError {
        let problems = problems.iter().map(ToString::to_string).collect();
        LoadError::new(path, LoadErrorKind::Unfit(problems))
    }

    /// The program's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why it cannot be run.
    pub fn kind(&self) -> &LoadErrorKind {
        &self.kind
    }

    /// The exit status a shell would give: 127 when there is no such file, else 126.
    pub fn exit_status(&self) -> u8 {
        match &self.kind {
            LoadErrorKind::Reading(error) if error.kind() == io::ErrorKind::NotFound => 127,
            LoadErrorKind::Reported { exit_status, .. } => *exit_status,
            _ => 126,
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = shown_path(&self.path);
        match &self.kind {
            LoadErrorKind::Reading(error) => write!(f, "reading {path}: {error}"),
            LoadErrorKind::Writing(error) => write!(f, "writing {path}: {error}"),
            LoadErrorKind::Refused(why) => {
                write!(f, "{path} is refused: {}", shown_lines(why))
            }
            LoadErrorKind::NoModule(what) => {
                write!(f, "{path} is not a WebAssembly module: {what}")
            }
            LoadErrorKind::Invalid(why) => {
                write!(f, "{path} is not a valid module: {}", shown(why))
            }
            LoadErrorKind::Unfit(problems) => {
                write!(f, "{path} cannot be run by this engine")?;
                problems
                    .iter()
                    .try_for_each(|problem| write!(f, "\n  {}", shown(problem)))
            }
            LoadErrorKind::NoCompiler => write!(
                f,
                "{path} is refused: it has to be compiled, and there is no compiler; \
                 compile it with `wali-engine compile`"
            ),
            LoadErrorKind::CompilerNotStarted(compiler, error) => write!(
                f,
                "{path} is refused: it has to be compiled, and the compiler {} does not start: {error}; \
                 install it there, or name another with --compiler",
                shown_path(compiler)
            ),
            LoadErrorKind::Reported { message, .. } => write!(f, "{}", shown_lines(message)),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            LoadErrorKind::Reading(error)
            | LoadErrorKind::Writing(error)
            | LoadErrorKind::CompilerNotStarted(_, error) => Some(error),
            _ => None,
        }
    }
}
