//! `cargo xtask fuzz syscalls`: the program in `tests/fuzz` makes sequences of random calls, each in
//! a process of its own. Here it is told from the guest's own bad ends what the engine must not do.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use wali_abi::{IOCTLS, Syscall};

use super::options::Options;
use crate::bounded::{End, Outcome};
use crate::cx::Cx;
use crate::harness::sandbox::{self, Build, How};
use crate::test::pointers::{self, Arguments};

/// Calls that end or stop the sequence, or keep it from being ended, or take the machine's memory.
const LEFT_OUT: &[&str] = &[
    "exit",
    "exit_group",
    "clone3",
    "kill",
    "tkill",
    "tgkill",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "pidfd_send_signal",
    "alarm",
    "setitimer",
    "rt_sigprocmask",
    "rt_sigsuspend",
    "rt_sigaction",
    "close_range",
    "fallocate",
    "execve",
    "execveat",
    "timer_create",
    "timer_settime",
    "mq_notify",
    "reboot",
    "syncfs",
];

/// So many sequences are run by one start of the engine.
const BATCH: u64 = 100;
/// How long a batch may take.
const LIMIT: Duration = Duration::from_secs(600);
/// Steps of a sequence, as in `tests/fuzz/syscalls.c`.
const STEPS: usize = 24;

/// What a sequence ends with when a mapping changed.
const MAPS_STATUS: i32 = 4;
/// Ends of the engine that are its own doing: an internal error, a panic.
const OWN_STATUSES: [i32; 2] = [70, 101];
/// SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS: of the engine, unless it explains them.
const FAULTS: [i32; 7] = [4, 5, 6, 7, 8, 11, 31];
/// What the program ends with when it cannot have namespaces of its own.
const SKIPPED_STATUS: i32 = 77;

/// A sequence that must not end as it did.
#[derive(Debug, PartialEq, Eq)]
struct Problem {
    sequence: u64,
    what: String,
}

/// Runs sequences until the time is over and returns the number of problems.
///
/// # Errors
/// When the program does not compile or cannot run here.
pub(super) fn run(cx: &Cx, options: &Options) -> Result<usize> {
    let module = build(cx)?;
    let (seed, deadline) = (options.seed, options.deadline());
    let (mut first, mut n_problems) = (0, 0);
    while Instant::now() < deadline {
        let mut last = BATCH;
        let outcome = sequences(cx, &module, seed, (first, BATCH), &[])?;
        if outcome.end == End::Status(SKIPPED_STATUS) {
            bail!("{}", String::from_utf8_lossy(&outcome.stdout).trim_end());
        }
        if let Some(problem) = problem(&outcome, first) {
            n_problems += 1;
            last = problem.sequence + 1 - first;
            report(cx, &module, seed, &problem)?;
        }
        first += last;
    }
    cx.say(format!(
        "{first} sequences of {STEPS} calls from seed {seed}: {n_problems} problems"
    ));
    Ok(n_problems)
}

fn build(cx: &Cx) -> Result<PathBuf> {
    let folder = cx.out("fuzz");
    cx.make_folder(&folder)?;
    let arguments = pointers::arguments(cx)?;
    let calls = calls(&arguments);
    let mut sources = pointers::sources(cx, &arguments, &calls, &folder, "../fuzz/syscalls.c")?;
    sources.push(cx.root().join("tests/fuzz/maps.c"));
    let requests = folder.join("requests.c");
    let mut text = String::from("const unsigned requests_of_ioctl[] = {\n");
    for request in IOCTLS {
        let _ = writeln!(text, "\t{:#x},", request.number);
    }
    text.push_str("};\nconst int n_requests_of_ioctl = sizeof requests_of_ioctl / 4;\n");
    std::fs::write(&requests, text).with_context(|| format!("writing {}", requests.display()))?;
    sources.push(requests);
    let module = folder.join("syscalls.wasm");
    pointers::compile(cx, &cx.out("bin/wali-cc"), &sources, &module)?;
    Ok(module)
}

fn calls(arguments: &Arguments) -> Vec<&'static Syscall> {
    let mut calls = arguments.tried();
    calls.retain(|call| !LEFT_OUT.contains(&call.name));
    calls
}

/// Runs `count` sequences from `first`; `words` are steps to leave out, or `show`.
fn sequences(
    cx: &Cx,
    module: &Path,
    seed: u64,
    (first, count): (u64, u64),
    words: &[String],
) -> Result<Outcome> {
    let folder = sandbox::folder()?;
    let mut program = sandbox::program(
        cx,
        Build::Wasm(module),
        "fuzz",
        folder.path(),
        How::default(),
    )?;
    program = program.args([seed, first, count].map(|n| n.to_string()));
    program.limit = LIMIT;
    program.args(words).run(folder.path())
}

/// The first problem that a run tells of.
fn problem(outcome: &Outcome, first: u64) -> Option<Problem> {
    let text = String::from_utf8_lossy(&outcome.stderr);
    let mut said = String::new();
    let mut next = first;
    for line in text.lines() {
        let Some((sequence, end)) = end_of_sequence(line) else {
            let _ = writeln!(said, "{line}");
            continue;
        };
        next = sequence + 1;
        if let Some(what) = judge(end, &said) {
            return Some(Problem { sequence, what });
        }
        said.clear();
    }
    (outcome.end != End::Status(0)).then(|| Problem {
        sequence: next,
        what: format!("the program ended with {}\n{said}", outcome.end),
    })
}

/// `sequence N: WHAT HOW`.
fn end_of_sequence(line: &str) -> Option<(u64, (&str, i32))> {
    let (number, rest) = line.strip_prefix("sequence ")?.split_once(": ")?;
    let (what, how) = rest.split_once(' ')?;
    Some((number.parse().ok()?, (what, how.parse().ok()?)))
}

/// Why an end is the engine's fault, if it is.
fn judge((what, how): (&str, i32), said: &str) -> Option<String> {
    let explained = said
        .lines()
        .any(|line| line.starts_with("wali-engine: ") && line.contains("(SIG"));
    let why = match what {
        _ if said.contains("panicked at") => "the engine panicked",
        "hangs" => "it does not end",
        "signal" if FAULTS.contains(&how) && !explained => "the engine died by a signal",
        "status" if how == MAPS_STATUS => "a mapping of the host's changed",
        "status" if OWN_STATUSES.contains(&how) => "the engine failed",
        _ => return None,
    };
    Some(format!("{why} ({what} {how})\n{said}"))
}

/// Leaves out the steps that do not matter, and tells what is left.
fn report(cx: &Cx, module: &Path, seed: u64, found: &Problem) -> Result<()> {
    let fails = |words: &[String]| -> Result<Option<Outcome>> {
        let outcome = sequences(cx, module, seed, (found.sequence, 1), words)?;
        Ok(problem(&outcome, found.sequence).map(|_| outcome))
    };
    cx.say(format!(
        "seed {seed}, sequence {}: {}",
        found.sequence,
        found.what.trim_end()
    ));
    if fails(&[])?.is_none() {
        cx.say("it does not happen again when the sequence runs alone");
        return Ok(());
    }
    let mut left_out: Vec<String> = Vec::new();
    for step in 0..STEPS {
        left_out.push(step.to_string());
        if fails(&left_out)?.is_none() {
            left_out.pop();
        }
    }
    left_out.push("show".to_owned());
    match fails(&left_out)? {
        Some(outcome) => cx.say(String::from_utf8_lossy(&outcome.stderr).trim_end()),
        None => cx.say("shortened, it does not happen each time"),
    }
    cx.say(format!(
        "again: wali-engine run {} {seed} {} 1 {}",
        module.display(),
        found.sequence,
        left_out.join(" ")
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(stderr: &str) -> Option<u64> {
        let outcome = Outcome {
            end: End::Status(0),
            stdout: Vec::new(),
            stderr: stderr.into(),
        };
        problem(&outcome, 0).map(|problem| problem.sequence)
    }

    #[test]
    fn a_fault_that_the_engine_explains_is_the_guests() {
        assert_eq!(found("sequence 0: status 0\nsequence 1: signal 14\n"), None);
        let explained = "wali-engine: invalid memory access (SIGSEGV)\nsequence 3: signal 11\n";
        assert_eq!(found(explained), None);
        assert_eq!(found("sequence 3: signal 11\n"), Some(3));
        assert_eq!(
            found(&format!("{explained}sequence 4: signal 11\n")),
            Some(4)
        );
        assert_eq!(
            found("thread 'main' panicked at x\nsequence 5: signal 6\n"),
            Some(5)
        );
        assert_eq!(found("sequence 6: status 4\n"), Some(6));
        assert_eq!(found("sequence 7: hangs 0\n"), Some(7));
    }

    #[test]
    fn every_call_that_is_left_out_exists() {
        for name in LEFT_OUT {
            assert!(wali_abi::syscall(name).is_some(), "{name}");
        }
    }
}
