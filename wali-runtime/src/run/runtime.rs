//! A program that is ready to run.

use std::convert::Infallible;
use std::ffi::CString;

use super::setting::Setting;
use super::start::run;
use super::start_error::StartError;
use crate::program::{Program, Start};

/// A program that is loaded and ready to run.
///
/// **One program a process.** A guest's memory, its signal handlers, the numbers of its process and of
/// its threads are this process's own: that is what makes `fork`, signals and `wait` those of the kernel.
/// So [`run`](Runtime::run) turns the calling process into the program, as `execve` does, and does not
/// come back. Once a program has begun, every further `run` in the process is refused with
/// [`StartError::SecondProgram`]. Whoever wants several programs starts several processes.
///
/// Any number of programs may be loaded. One that is not run leaves no trace in those that are; neither
/// its policy nor its streams are in force.
///
/// # Examples
///
/// A command that runs the program it is given:
///
/// ```no_run
/// use wali_runtime::Runtime;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let path = std::env::args_os().nth(1).ok_or("give a program")?;
/// let runtime = Runtime::builder(path)
///     .args(std::env::args_os().skip(2))
///     .load()?;
/// match runtime.run()? {}
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a program is run by `run`"]
pub struct Runtime {
    pub(super) program: Program,
    pub(super) start: Start,
    pub(super) invoke: Option<String>,
    pub(super) name: CString,
    pub(super) setting: Setting,
}

impl Runtime {
    /// Runs the program on the calling thread, which has to be the process's first, until the process
    /// ends: with the program's exit status, or by the signal that it dies from. No destructor of the
    /// caller's runs, and nothing that it has buffered is written.
    ///
    /// # Errors
    /// It could not be started; nothing of it has run. After every error but [`StartError::Instance`] and
    /// [`StartError::SecondProgram`] the process may run another one. Its working directory and streams
    /// may be the program's already.
    pub fn run(self) -> Result<Infallible, StartError> {
        run(
            self.program,
            self.start,
            self.invoke.as_deref(),
            &self.name,
            self.setting,
        )
    }
}
