//! The suite `unit`: `cargo test` of all crates, each with the profile that it is built with anyway.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::bounded::Group;
use crate::cx::Cx;
use crate::engine::{GROUPS, cargo};
use crate::harness::case::{Tally, Verdict, report};

/// Longer than it takes to compile wasmtime and to run all tests.
const LIMIT: Duration = Duration::from_secs(25 * 60);

/// Runs the suite.
///
/// # Errors
/// When cargo cannot be started.
pub(super) fn run(cx: &Cx, filter: &str) -> Result<Tally> {
    let mut tally = Tally::default();
    for group in GROUPS {
        let name = format!("unit/{}", group.name);
        tally += run_cargo(cx, &name, group.cargo(cx, "test"), filter)?;
    }
    let mut own = cargo(cx);
    own.args(["test", "--profile", "xtask", "--package", "xtask"]);
    tally += run_cargo(cx, "unit/xtask", own, filter)?;
    Ok(tally)
}

/// Runs `command`, a `cargo test`; tells what failed, with the end of what cargo printed.
fn run_cargo(cx: &Cx, name: &str, mut command: Command, filter: &str) -> Result<Tally> {
    let log = cx
        .out("logs")
        .join(format!("{}.log", name.replace('/', "-")));
    cx.make_folder(&cx.out("logs"))?;
    let mut log_file = std::fs::File::create(&log).context("writing the log of cargo test")?;
    let (reader, writer) = std::io::pipe()?;
    command
        .args(["--no-fail-fast", "--color=never"])
        .args(["--", filter]);
    command.env("WALI_BUILD_DIR", cx.out(""));
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .process_group(0);
    let mut child = command.spawn().context("cannot start cargo")?;
    drop(command);
    let group = Group::of(&child);

    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
            if sender
                .send(String::from_utf8_lossy(&line).into_owned())
                .is_err()
            {
                break;
            }
        }
    });
    let step = cx.step(name, 0);
    let deadline = Instant::now() + LIMIT;
    let mut lines = Lines::default();
    let mut timed_out = false;
    loop {
        match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                writeln!(log_file, "{line}")?;
                lines.add(line);
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                timed_out = true;
                break;
            }
        }
    }
    if timed_out {
        group.kill();
    }
    let status = child.wait()?;
    step.finish(name);
    if timed_out || (!status.success() && lines.tally.failed == 0) {
        let why = if timed_out {
            "still running, killed"
        } else {
            "cargo test failed"
        };
        let tail = lines.all[lines.all.len().saturating_sub(20)..].join("\n");
        let why = format!("{why}:\n{tail}\nfull output: {}", log.display());
        report(cx, name, &Verdict::Failed(why));
        lines.tally.failed += 1;
        return Ok(lines.tally);
    }
    for failure in &lines.failures {
        let why = format!("see {}", log.display());
        report(cx, &format!("{name}: {failure}"), &Verdict::Failed(why));
    }
    Ok(lines.tally)
}

/// What cargo test has printed so far.
#[derive(Default)]
struct Lines {
    tally: Tally,
    failures: Vec<String>,
    all: Vec<String>,
}

impl Lines {
    fn add(&mut self, line: String) {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.tally += counts(result);
        } else if let Some(name) = failure(&line) {
            self.failures.push(name.to_owned());
        }
        self.all.push(line);
    }
}

/// The name in `test NAME ... FAILED`.
fn failure(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

/// The numbers in `ok. 17 passed; 0 failed; 1 ignored; …`.
fn counts(result: &str) -> Tally {
    let number_of = |what: &str| {
        let parts = result.split([';', '.']).map(str::trim);
        let mut counts = parts.filter_map(|part| part.strip_suffix(what)?.trim().parse().ok());
        counts.next().unwrap_or(0)
    };
    Tally {
        passed: number_of("passed"),
        failed: number_of("failed"),
        skipped: number_of("ignored"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_summary_is_counted() {
        let mut lines = Lines::default();
        let text = "running 3 tests\ntest a::b ... ok\ntest a::c ... FAILED\n\
                    test result: FAILED. 17 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out\n\
                    test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        text.lines().for_each(|line| lines.add(line.to_owned()));
        assert_eq!(
            lines.tally,
            Tally {
                passed: 20,
                failed: 1,
                skipped: 2
            }
        );
        assert_eq!(lines.failures, ["a::c"]);
    }
}
