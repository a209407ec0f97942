//! What becomes of the process before the program runs in it.

use std::ffi::CStr;
use std::fmt;
use std::fs::File;
use std::ops::RangeInclusive;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

use super::start_error::StartError;
use crate::calls::{self, Policy};
use crate::kernel::sigaction::KernelAction;
use crate::kernel::{SIGNAL_MAX, SigSet, command_line, descriptor, process};
use crate::trace::{self, Trace};

/// What a runtime changes of its process.
#[derive(Default)]
pub(super) struct Setting {
    pub(super) current_dir: Option<PathBuf>,
    pub(super) stdin: Option<OwnedFd>,
    pub(super) stdout: Option<OwnedFd>,
    pub(super) stderr: Option<OwnedFd>,
    pub(super) inherits_signals: bool,
    pub(super) policy: Option<Box<dyn Policy>>,
    pub(super) trace: Option<Trace>,
}

impl Setting {
    /// Changes what may not be possible: the working directory and the streams.
    ///
    /// # Errors
    /// One of them cannot be had; the others may be changed.
    pub(super) fn apply(&mut self) -> Result<(), StartError> {
        if let Some(dir) = self.current_dir.take()
            && let Err(error) = std::env::set_current_dir(&dir)
        {
            return Err(StartError::CurrentDir(dir, error));
        }
        // A descriptor among the three could be another one's place.
        let aside = |stream: OwnedFd| OwnedFd::from(descriptor::out_of_the_way(File::from(stream)));
        let [stdin, stdout, stderr] =
            [&mut self.stdin, &mut self.stdout, &mut self.stderr].map(|one| one.take().map(aside));
        let failed = |errno: rustix::io::Errno| StartError::Streams(errno.into());
        stdin.map_or(Ok(()), dup2_stdin).map_err(failed)?;
        stdout.map_or(Ok(()), dup2_stdout).map_err(failed)?;
        stderr.map_or(Ok(()), dup2_stderr).map_err(failed)
    }

    /// Makes the process the program's, which has these arguments and is called `name`: from here on it
    /// is no other's.
    pub(super) fn take_over(self, args: &[Vec<u8>], name: &CStr) {
        if !self.inherits_signals {
            reset_signals();
        }
        process::set_name(name);
        command_line::show(args);
        if self.policy.is_some() || self.trace.is_some() {
            calls::watch(self.policy);
        }
        if let Some(trace) = self.trace {
            trace::start(trace);
        }
    }
}

/// Takes back what this process does about signals, as `execve` does, and that Rust's start code has
/// `SIGPIPE` ignored. Handlers of faults are the engine's.
fn reset_signals() {
    /// Those that the host's libc keeps for itself.
    const OF_LIBC: RangeInclusive<i32> = 32..=34;
    let of_guest = |signal: &i32| !SigSet::FAULTS.contains(*signal) && !OF_LIBC.contains(signal);
    for signal in (1..=SIGNAL_MAX).filter(of_guest) {
        let is_handled = KernelAction::current(signal)
            .is_ok_and(|action| !matches!(action.handler(), libc::SIG_DFL | libc::SIG_IGN));
        if is_handled || signal == libc::SIGPIPE {
            // There is such a signal.
            let _ = KernelAction::plain(libc::SIG_DFL).install(signal);
        }
    }
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setting")
            .field("current_dir", &self.current_dir)
            .field("stdin", &self.stdin)
            .field("stdout", &self.stdout)
            .field("stderr", &self.stderr)
            .field("inherits_signals", &self.inherits_signals)
            .field("has_policy", &self.policy.is_some())
            .field("trace", &self.trace)
            .finish()
    }
}
