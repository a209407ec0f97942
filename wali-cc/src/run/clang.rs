//! Starting clang.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Output, Stdio};

use anyhow::Context;

use crate::probes::Probes;
use crate::response;

/// From this size on arguments go to clang through a file; the kernel's limit is 2 MiB with the
/// environment.
const LONG_COMMAND_BYTES: usize = 256 << 10;

/// The program clang, and what it reads.
pub(super) struct Clang<'a> {
    /// Where it is.
    pub(super) program: &'a Path,
    /// Its standard input, if it may have to be read twice.
    pub(super) input: Option<Input>,
}

/// What came from standard input, in a file.
pub(super) struct Input(File);

impl Input {
    /// Reads standard input to its end when a source is there that may be compiled twice.
    pub(super) fn of(probes: &Probes) -> Option<anyhow::Result<Input>> {
        probes.from_stdin.then(|| {
            let mut file = tempfile::tempfile().context("making a temporary file")?;
            std::io::copy(&mut std::io::stdin().lock(), &mut file)
                .context("reading standard input")?;
            Ok(Input(file))
        })
    }

    fn rewound(&self) -> std::io::Result<File> {
        let mut file = self.0.try_clone()?;
        file.rewind()?;
        Ok(file)
    }
}

impl Clang<'_> {
    /// Runs clang with the streams of this process.
    pub(super) fn run(&self, args: &[OsString]) -> anyhow::Result<ExitStatus> {
        self.start(args, |command| command.status())
    }

    /// Runs clang and keeps what it prints.
    pub(super) fn run_silently(&self, args: &[OsString]) -> anyhow::Result<Output> {
        self.start(args, |command| command.output())
    }

    /// Runs clang in place of this process, if its command line is short enough for that.
    pub(super) fn become_it(&self, args: &[OsString]) -> anyhow::Result<ExitStatus> {
        if is_long(args) {
            return self.run(args);
        }
        let error = Command::new(self.program).args(args).exec();
        Err(error).with_context(|| self.starting())
    }

    fn start<T>(
        &self,
        args: &[OsString],
        run: impl FnOnce(&mut Command) -> std::io::Result<T>,
    ) -> anyhow::Result<T> {
        let mut command = Command::new(self.program);
        if let Some(input) = &self.input {
            let file = input.rewound().context("reading a temporary file")?;
            command.stdin(Stdio::from(file));
        }
        if !is_long(args) {
            return run(command.args(args)).with_context(|| self.starting());
        }
        let mut file = tempfile::NamedTempFile::new().context("making a response file")?;
        file.write_all(&response::text(args))
            .context("writing a response file")?;
        let mut at = OsString::from("@");
        at.push(file.path());
        run(command.arg(at)).with_context(|| self.starting())
    }

    fn starting(&self) -> String {
        format!("starting {}", self.program.display())
    }
}

fn is_long(args: &[OsString]) -> bool {
    let sizes = args.iter().map(|arg| arg.len() + 1 + size_of::<usize>());
    sizes.sum::<usize>() >= LONG_COMMAND_BYTES
}
