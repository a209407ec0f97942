//! Running a program that may hang or flood: bounded in time and output, ended with all its children.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};

/// More output than this of one stream is cut.
const OUTPUT_LIMIT: u64 = 16 << 20;
/// How long children that outlive the program may keep its output open.
const DRAIN_LIMIT: Duration = Duration::from_secs(2);

/// A program with all that may influence it: no environment but the one given here.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The program and its arguments.
    pub(crate) words: Vec<OsString>,
    /// Its environment.
    pub(crate) env: Vec<(OsString, OsString)>,
    /// What it reads from standard input.
    pub(crate) stdin: Vec<u8>,
    /// How long it may run.
    pub(crate) limit: Duration,
}

/// What a program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// How it ended.
    pub(crate) end: End,
    /// What it wrote to standard output.
    pub(crate) stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub(crate) stderr: Vec<u8>,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Status(i32),
    Signal(i32),
    /// It was killed because it took longer than allowed.
    TimedOut(Duration),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status {status}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::TimedOut(limit) => write!(f, "still running after {} s, killed", limit.as_secs()),
        }
    }
}

impl From<ExitStatus> for End {
    fn from(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Status(code),
            (None, signal) => Self::Signal(signal.unwrap_or(0)),
        }
    }
}

impl Program {
    /// A program without arguments or input that sees only `env`.
    pub(crate) fn new(program: impl AsRef<OsStr>, env: &[(OsString, OsString)]) -> Self {
        let words = vec![program.as_ref().to_owned()];
        let limit = Duration::from_secs(60);
        Self {
            words,
            env: env.to_vec(),
            stdin: Vec::new(),
            limit,
        }
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.words.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.words
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Runs the program in `dir`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn run(&self, dir: &Path) -> Result<Outcome> {
        let mut command = self.command(dir)?;
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.process_group(0);
        let mut child = command.spawn().with_context(|| self.cannot_start())?;
        let group = Group::of(&child);
        if let Some(mut stdin) = child.stdin.take() {
            let input = self.stdin.clone();
            // A program that does not read its input is no error.
            std::thread::spawn(move || drop(stdin.write_all(&input)));
        }
        let stdout = collect(child.stdout.take());
        let stderr = collect(child.stderr.take());
        let end = wait(&mut child, self.limit, &group)?;
        let deadline = Instant::now() + DRAIN_LIMIT;
        let (stdout, stderr) = (drain(&stdout, deadline), drain(&stderr, deadline));
        Ok(Outcome {
            end,
            stdout,
            stderr,
        })
    }

    /// The command for `std`, without its streams.
    pub(crate) fn command(&self, dir: &Path) -> Result<Command> {
        let (program, args) = self.words.split_first().context("no program to run")?;
        let mut command = Command::new(program);
        command
            .args(args)
            .env_clear()
            .envs(self.env.iter().cloned())
            .current_dir(dir);
        Ok(command)
    }

    /// Returns what to say when the program does not start.
    pub(crate) fn cannot_start(&self) -> String {
        format!("cannot start {}", self.words[0].display())
    }
}

/// Waits for `child`, and kills its group when `limit` has passed.
///
/// # Errors
/// When the kernel does not let us wait.
pub(crate) fn wait(child: &mut Child, limit: Duration, group: &Group) -> Result<End> {
    let started = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.into());
        }
        if started.elapsed() >= limit {
            group.kill();
            child.wait()?;
            return Ok(End::TimedOut(limit));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

fn collect(stream: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let Some(mut stream) = stream else { return };
        let mut limit = OUTPUT_LIMIT;
        let mut buffer = [0; 16 << 10];
        while let Ok(n @ 1..) = stream.read(&mut buffer) {
            // Beyond the limit it is read and dropped, so that the program is not stopped by us.
            let kept = n.min(usize::try_from(limit).unwrap_or(n));
            limit -= kept as u64;
            if kept > 0 && sender.send(buffer[..kept].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}

fn drain(stream: &Receiver<Vec<u8>>, deadline: Instant) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Ends at the end of the stream or at the deadline.
    while let Ok(part) = stream.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        bytes.extend(part);
    }
    bytes
}

/// The process groups that run now.
static RUNNING: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

/// A program's process group; whoever is left in it is killed when this is dropped.
pub(crate) struct Group(i32);

impl Group {
    /// The group that `child` leads.
    pub(crate) fn of(child: &Child) -> Self {
        let id = i32::try_from(child.id()).unwrap_or(0);
        if let Ok(mut running) = RUNNING.lock() {
            running.insert(id);
        }
        Self(id)
    }

    /// Kills all processes of the group.
    pub(crate) fn kill(&self) {
        if let Some(group) = Pid::from_raw(self.0) {
            // It may be gone already.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
        if let Ok(mut running) = RUNNING.lock() {
            running.remove(&self.0);
        }
    }
}

/// Lets an interrupt from the terminal end the programs that run as well: being in groups of their
/// own they do not get it themselves.
///
/// # Errors
/// When the handler cannot be installed.
pub(crate) fn end_with_us() -> Result<()> {
    ctrlc::set_handler(|| {
        if let Ok(running) = RUNNING.lock() {
            running.iter().for_each(|&id| {
                if let Some(group) = Pid::from_raw(id) {
                    let _ = kill_process_group(group, Signal::KILL);
                }
            });
        }
        std::process::exit(130);
    })
    .context("catching interrupts")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limit_ms: u64) -> Outcome {
        let env = [("PATH".into(), std::env::var_os("PATH").unwrap())];
        let mut program = Program::new("sh", &env).args(["-c", script]);
        program.stdin = b"input\n".to_vec();
        program.limit = Duration::from_millis(limit_ms);
        program.run(Path::new("/")).unwrap()
    }

    #[test]
    fn output_input_and_end_are_told() {
        let outcome = sh("cat; echo problem >&2; exit 7", 10_000);
        assert_eq!(outcome.end, End::Status(7));
        assert_eq!(outcome.stdout, b"input\n");
        assert_eq!(outcome.stderr, b"problem\n");
        assert_eq!(sh("kill -9 $$", 10_000).end, End::Signal(9));
    }

    #[test]
    fn a_hang_is_killed_with_its_children() {
        let started = Instant::now();
        let outcome = sh("sleep 60 & echo $!; sleep 60", 300);
        assert!(matches!(outcome.end, End::TimedOut(_)), "{outcome:?}");
        assert!(started.elapsed() < Duration::from_secs(20));
        let child = String::from_utf8(outcome.stdout).unwrap();
        let child = Path::new("/proc").join(child.trim());
        let gone = || std::fs::read_to_string(child.join("stat")).is_ok_and(|s| !s.contains(") Z"));
        let deadline = Instant::now() + Duration::from_secs(5);
        while gone() && Instant::now() < deadline {
            std::thread::yield_now();
        }
        assert!(!gone(), "the background child is still there");
    }

    #[test]
    fn a_flood_is_cut() {
        let outcome = sh("head -c 20000000 /dev/zero", 20_000);
        assert_eq!(outcome.end, End::Status(0));
        assert_eq!(outcome.stdout.len() as u64, OUTPUT_LIMIT);
    }
}
