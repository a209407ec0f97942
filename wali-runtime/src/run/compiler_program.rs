//! Compiling in a process of its own: the program `wali-compiler`.

use std::io::{ErrorKind, Read as _};
use std::net::Shutdown;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use rustix::net::{SendFlags, send};
use wali_artifact::exchange::{self, Query};
use wali_artifact::{Compiler, LoadError, LoadErrorKind, Outcome, Request};

use wali_text::shown_path;

use crate::kernel::child::unnoticed;

/// Compiles by starting the program `wali-compiler`.
///
/// The process that runs the program has then no compiler in it: it starts sooner, takes less memory,
/// and no thread of a compiler's was ever in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompilerProgram {
    path: PathBuf,
}

/// The program's name.
const NAME: &str = "wali-compiler";

impl CompilerProgram {
    /// The program at `path`, which is looked for nowhere else.
    pub fn at(path: impl Into<PathBuf>) -> CompilerProgram {
        let path = path.into();
        CompilerProgram {
            path: std::path::absolute(&path).unwrap_or(path),
        }
    }

    /// The program of that name in the folder of the program that this process runs.
    pub fn beside_this() -> CompilerProgram {
        let own = std::env::current_exe().unwrap_or_else(|_| {
            // There is no /proc: the path that this process was started by.
            use std::os::unix::ffi::OsStrExt as _;
            PathBuf::from(std::ffi::OsStr::from_bytes(
                rustix::param::linux_execfn().to_bytes(),
            ))
        });
        CompilerProgram::at(own.with_file_name(NAME))
    }

    /// The program's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The compiler's whole answer, and how it ended, if the kernel tells: not where `SIGCHLD` is ignored.
    fn ask(&self, request: &Request<'_>) -> std::io::Result<(Vec<u8>, Option<ExitStatus>)> {
        // One socket for both ways: more descriptors there may not be.
        let (mut ours, theirs) = UnixStream::pair()?;
        let mut child = Command::new(&self.path)
            .arg(exchange::SUBCOMMAND)
            .args(Query::of(request).to_args())
            .env_clear()
            .stdin(OwnedFd::from(theirs))
            .spawn()?;
        // One that does not take the whole module has ended, or says why.
        let _ = send_all(&ours, request.module).and_then(|()| ours.shutdown(Shutdown::Write));
        let mut answer = Vec::new();
        let read = ours.read_to_end(&mut answer);
        let status = child.wait().ok();
        match read {
            // It has left some of the module unread.
            Err(error) if error.kind() != ErrorKind::ConnectionReset => Err(error),
            _ => Ok((answer, status)),
        }
    }
}

/// Sends all of `bytes`. A receiver that is gone is an error, and no signal.
fn send_all(to: &UnixStream, mut bytes: &[u8]) -> std::io::Result<()> {
    while !bytes.is_empty() {
        match send(to.as_fd(), bytes, SendFlags::NOSIGNAL) {
            Ok(len) => bytes = &bytes[len..],
            Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}

impl Compiler for CompilerProgram {
    fn compile(&self, request: &Request<'_>) -> Result<Outcome, LoadError> {
        let (answer, status) = unnoticed(|| self.ask(request)).map_err(|error| {
            let kind = LoadErrorKind::CompilerNotStarted(self.path.clone(), error);
            LoadError::new(request.path, kind)
        })?;
        if answer.is_empty() {
            let status = status.map_or_else(|| "unknown status".to_owned(), |s| s.to_string());
            let compiler = shown_path(&self.path);
            let why = format!("the compiler {compiler} ended without an answer ({status})");
            return Err(LoadError::refused(request.path, why));
        }
        exchange::read_answer(request.path, answer)
    }
}
