//! The suites `libc`, `signals`, `threads` and `processes`: the C programs in the folders of these names in
//! `tests`, each at -O0 and -O2, compared with its native build.

use anyhow::Result;

use crate::cx::Cx;
use crate::harness::case::{Case, Tally, run_all};
use crate::harness::differential::{judge, native_compiler, tests};
use crate::harness::sandbox::How;

/// Runs the suite `libc`.
///
/// # Errors
/// When the folder has no programs, a file's directives make no sense, or there is no LLVM.
pub(super) fn run_libc(cx: &Cx, filter: &str) -> Result<Tally> {
    run_suite(cx, "libc", filter)
}

/// Runs the suite `signals`.
///
/// # Errors
/// As [`run_libc`].
pub(super) fn run_signals(cx: &Cx, filter: &str) -> Result<Tally> {
    run_suite(cx, "signals", filter)
}

/// Runs the suite `threads`.
///
/// # Errors
/// As [`run_libc`].
pub(super) fn run_threads(cx: &Cx, filter: &str) -> Result<Tally> {
    run_suite(cx, "threads", filter)
}

/// Runs the suite `processes`.
///
/// # Errors
/// As [`run_libc`].
pub(super) fn run_processes(cx: &Cx, filter: &str) -> Result<Tally> {
    run_suite(cx, "processes", filter)
}

fn run_suite(cx: &Cx, suite: &str, filter: &str) -> Result<Tally> {
    let tests = tests(cx, suite)?;
    let clang = &native_compiler(cx)?;
    let mut cases = Vec::new();
    for test in &tests {
        for level in ["-O0", "-O2"] {
            cases.push(Case {
                name: format!("{suite}/{} {level}", test.name),
                run: Box::new(move || judge(cx, clang, test, level, How::default())),
            });
        }
    }
    run_all(cx, suite, filter, cases)
}
