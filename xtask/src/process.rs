//! Running other programs: shown so that they can be pasted into a shell, logged, and explained
//! when they fail.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

use crate::progress::Progress;

/// How many of a failed program's last lines are repeated in the error.
const TAIL_LINES: usize = 20;

/// A program to run, made by [`crate::cx::Cx::cmd`].
pub(crate) struct Cmd {
    program: OsString,
    args: Vec<OsString>,
    envs: Vec<(OsString, OsString)>,
    dir: Option<PathBuf>,
    log: PathBuf,
    shown: bool,
    verbose: bool,
    progress: Progress,
}

impl Cmd {
    /// `log` receives the program's output; `verbose` shows it on standard error as well.
    pub(crate) fn new(program: &OsStr, log: PathBuf, verbose: bool, progress: &Progress) -> Self {
        Self {
            program: program.to_owned(),
            args: Vec::new(),
            envs: Vec::new(),
            dir: None,
            log,
            shown: true,
            verbose,
            progress: progress.clone(),
        }
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets an environment variable for the program.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.envs.push((name.into(), value.as_ref().to_owned()));
        self
    }

    /// Runs the program in `dir`.
    pub(crate) fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.dir = Some(dir.as_ref().to_owned());
        self
    }

    /// Shows the command only with `--verbose`; for the thousands a build runs.
    pub(crate) fn quiet(mut self) -> Self {
        self.shown = false;
        self
    }

    /// The command as a person would type it.
    pub(crate) fn pasteable(&self) -> String {
        let mut words = Vec::new();
        if let Some(dir) = &self.dir {
            words.push(format!("cd {} &&", shell_quote(dir.as_os_str())));
        }
        if !self.envs.is_empty() {
            words.push("env".to_owned());
        }
        for (name, value) in &self.envs {
            let name = name.to_string_lossy();
            words.push(format!("{name}={}", shell_quote(value)));
        }
        words.push(shell_quote(&self.program));
        words.extend(self.args.iter().map(|arg| shell_quote(arg)));
        words.join(" ")
    }

    /// Runs the program without input and with its output in the log.
    ///
    /// # Errors
    /// When it cannot be started or its status is not 0; the error holds the command, the last lines
    /// it printed and the log's path.
    pub(crate) fn run(self) -> Result<()> {
        self.show();
        let mut log = self.open_log()?;
        let (reader, writer) = std::io::pipe()?;
        let mut command = self.command();
        command
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer);
        let mut child = command.spawn().with_context(|| self.cannot_start())?;
        // The command holds the pipe's write end; without this the read below never ends.
        drop(command);
        let mut tail = VecDeque::new();
        for line in BufReader::new(reader).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            writeln!(log, "{line}")?;
            if self.verbose {
                self.progress.line(&line);
            }
            if tail.len() == TAIL_LINES {
                tail.pop_front();
            }
            tail.push_back(line);
        }
        self.check(child.wait()?, &tail)
    }

    /// Runs the program and returns what it wrote to standard output, without the last newline.
    ///
    /// # Errors
    /// As [`Cmd::run`].
    pub(crate) fn read(self) -> Result<String> {
        if self.verbose {
            self.show();
        }
        let output = self.command().stdin(Stdio::null()).output();
        let output = output.with_context(|| self.cannot_start())?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        let tail: VecDeque<String> = stderr.lines().map(str::to_owned).collect();
        self.check(output.status, &tail)?;
        let text = String::from_utf8(output.stdout);
        let text = text.with_context(|| format!("output of `{}`", self.pasteable()))?;
        Ok(text.trim_end_matches('\n').to_owned())
    }

    /// Runs the program on our own input and output and returns how it ended.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn attached(self) -> Result<ExitStatus> {
        self.show();
        self.command().status().with_context(|| self.cannot_start())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args);
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        command.envs(self.envs.iter().map(|(name, value)| (name, value)));
        command
    }

    fn show(&self) {
        if self.shown || self.verbose {
            self.progress.line(&format!("+ {}", self.pasteable()));
        }
    }

    fn open_log(&self) -> Result<File> {
        if let Some(folder) = self.log.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("creating the log folder {}", folder.display()))?;
        }
        let mut log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)
            .with_context(|| format!("opening the log {}", self.log.display()))?;
        writeln!(log, "+ {}", self.pasteable())?;
        Ok(log)
    }

    fn cannot_start(&self) -> String {
        format!("cannot start `{}`", self.pasteable())
    }

    fn check(&self, status: ExitStatus, tail: &VecDeque<String>) -> Result<()> {
        if status.success() {
            return Ok(());
        }
        let mut message = format!("`{}` ended with {status}", self.pasteable());
        for line in tail {
            message.push_str("\n  | ");
            message.push_str(line);
        }
        if self.log.exists() {
            message.push_str(&format!("\n  full output: {}", self.log.display()));
        }
        bail!(message)
    }
}

/// `word` as a shell needs it to be typed.
pub(crate) fn shell_quote(word: &OsStr) -> String {
    let text = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:+,@%^".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(log: &Path, script: &str) -> Cmd {
        let cmd = Cmd::new("sh".as_ref(), log.to_owned(), false, &Progress::new());
        cmd.quiet().args(["-c", script])
    }

    #[test]
    fn words_a_shell_would_split_are_quoted() {
        for (word, typed) in [
            ("a b", "'a b'"),
            ("", "''"),
            ("it's", r"'it'\''s'"),
            ("-O2", "-O2"),
        ] {
            assert_eq!(shell_quote(word.as_ref()), typed);
        }
    }

    #[test]
    fn a_failure_repeats_the_last_lines_and_names_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("logs/step.log");
        let error = sh(&log, "seq 1 100; echo oops >&2; exit 3")
            .run()
            .unwrap_err()
            .to_string();
        assert!(error.contains("exit status: 3"), "{error}");
        assert!(
            error.contains("| 100") && error.contains("| oops"),
            "{error}"
        );
        assert!(!error.contains("| 50"), "only the last lines: {error}");
        assert!(error.contains("step.log"), "{error}");
        let logged = std::fs::read_to_string(log).unwrap();
        assert!(
            logged.contains("\n50\n"),
            "the log has everything: {logged}"
        );
    }

    #[test]
    fn a_program_that_does_not_exist_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let cmd = Cmd::new("no-such-program".as_ref(), log, false, &Progress::new());
        let error = format!("{:#}", cmd.quiet().run().unwrap_err());
        assert!(error.contains("no-such-program"), "{error}");
    }
}
