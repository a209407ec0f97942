//! The suite `syscalls`: the programs of `tests/syscalls`, run and compared like those of `libc`, the
//! -O0 build under the engine's trace. A program names the system calls that it tests (`// calls:`);
//! each of them has to be in the trace of its run, and each call that the engine serves has to be
//! named by a program. A table at the end says what was found.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use wali_abi::{SYSCALLS, Serve};

use crate::cx::Cx;
use crate::harness::calls::{SUITE, programs};
use crate::harness::case::{Case, Tally, Verdict, report, run_all};
use crate::harness::differential::{Test, judge, native_compiler};
use crate::harness::sandbox::How;

/// What the cases of a call came to.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    cases: usize,
    passed: usize,
}

/// The counts by the call's name.
type Counts = BTreeMap<String, Count>;

/// Runs the suite. Without a filter it also judges whether every call is tested, and prints the table.
///
/// # Errors
/// When the folder cannot be read, a file's directives make no sense, or a worker panics.
pub(super) fn run(cx: &Cx, filter: &str) -> Result<Tally> {
    let tests = programs(cx)?;
    let clang = &native_compiler(cx)?;
    let counts = Mutex::new(Counts::new());
    let mut cases = Vec::new();
    for test in &tests {
        let counts = &counts;
        cases.push(Case {
            name: format!("{SUITE}/{} -O0", test.name),
            run: Box::new(move || judge_traced(cx, clang, test, counts)),
        });
        cases.push(Case {
            name: format!("{SUITE}/{} -O2", test.name),
            run: Box::new(move || judge(cx, clang, test, "-O2", How::default())),
        });
    }
    let mut tally = run_all(cx, SUITE, filter, cases)?;
    if filter.is_empty() {
        let counts = counts.into_inner().unwrap_or_else(PoisonError::into_inner);
        cx.say(table(&counts));
        let verdict = coverage(&counts);
        report(cx, "syscalls/coverage", &verdict);
        tally += Tally::of(&verdict);
    }
    Ok(tally)
}

/// Judges a program, and whether its trace shows the calls it names.
fn judge_traced(cx: &Cx, clang: &Path, test: &Test, counts: &Mutex<Counts>) -> Result<Verdict> {
    let folder = tempfile::Builder::new()
        .prefix("wali-trace-")
        .tempdir()
        .context("making a folder for a trace")?;
    let trace = folder.path().join("trace");
    let how = How {
        trace: Some(&trace),
        ..How::default()
    };
    let mut verdict = judge(cx, clang, test, "-O0", how)?;
    if verdict == Verdict::Passed {
        verdict = shown(&trace, &test.directives.calls)?;
    }
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    for call in &test.directives.calls {
        let count = counts.entry(call.clone()).or_default();
        count.cases += 1;
        count.passed += usize::from(verdict == Verdict::Passed);
    }
    Ok(verdict)
}

/// Passes when the trace has a line of each of `calls`.
fn shown(trace: &Path, calls: &[String]) -> Result<Verdict> {
    let text = std::fs::read(trace).with_context(|| format!("reading {}", trace.display()))?;
    let text = String::from_utf8_lossy(&text);
    let made: Vec<&str> = text.lines().filter_map(call_of).collect();
    let missing: Vec<&str> = (calls.iter().map(String::as_str))
        .filter(|call| !made.contains(call))
        .collect();
    if missing.is_empty() {
        return Ok(Verdict::Passed);
    }
    Ok(Verdict::Failed(format!(
        "its trace does not show {}",
        missing.join(", ")
    )))
}

/// The call of a line of the trace: `read` of `[12] read(0, …) = 1 <0.000001>`.
fn call_of(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("] ")?;
    Some(rest.split_once('(')?.0)
}

/// A line for every call: its name, how far it is supported, its cases, and how many passed.
fn table(counts: &Counts) -> String {
    let mut text = format!(
        "{:26} {:8} {:>5} {:>6}",
        "call", "support", "cases", "passed"
    );
    for call in SYSCALLS {
        let Count { cases, passed } = counts.get(call.name).copied().unwrap_or_default();
        let support = call.support.word();
        text += &format!("\n{:26} {support:8} {cases:5} {passed:6}", call.name);
    }
    text
}

/// Passes when every call that is served has a case.
fn coverage(counts: &Counts) -> Verdict {
    let missing: Vec<&str> = SYSCALLS
        .iter()
        .filter(|call| !matches!(call.serve, Serve::Refused(_)))
        .filter(|call| !counts.contains_key(call.name))
        .map(|call| call.name)
        .collect();
    if missing.is_empty() {
        return Verdict::Passed;
    }
    Verdict::Failed(format!(
        "no program of tests/{SUITE} names {} in a `// calls:` line",
        missing.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_has_to_show_every_call_that_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let trace = folder.path().join("trace");
        let text = "[7] read(0, \"write(\", 9) = 6 <0.000001>\n[8] exit_group(0) = ?\n";
        std::fs::write(&trace, text).unwrap();
        let judge = |calls: &[&str]| {
            let calls: Vec<String> = calls.iter().map(|&call| call.to_owned()).collect();
            shown(&trace, &calls).unwrap()
        };
        assert_eq!(judge(&["read", "exit_group"]), Verdict::Passed);
        let missing = judge(&["read", "write", "exit"]);
        assert_eq!(
            missing,
            Verdict::Failed("its trace does not show write, exit".to_owned())
        );
    }

    #[test]
    fn a_served_call_without_a_case_fails_the_suite() {
        let served = |call: &&wali_abi::Syscall| !matches!(call.serve, Serve::Refused(_));
        let mut counts: Counts = SYSCALLS
            .iter()
            .filter(served)
            .map(|call| (call.name.to_owned(), Count::default()))
            .collect();
        assert_eq!(coverage(&counts), Verdict::Passed);
        counts.remove("read");
        assert!(matches!(coverage(&counts), Verdict::Failed(why) if why.contains("names read in")));
    }
}
