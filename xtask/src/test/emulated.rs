//! The programs of `tests` with an engine for another instruction set, which an emulator runs; compared
//! with their native builds. `cargo xtask cross --run` is what calls this.

use anyhow::Result;

use crate::cx::Cx;
use crate::harness::case::{Case, Tally, Verdict, run_all};
use crate::harness::differential::{judge, native_compiler, tests};
use crate::harness::sandbox::{Emulated, How};

/// The folders whose programs are run. Those of `processes` execute the engine, which an emulator
/// starts only where the kernel knows it as the interpreter of such programs.
const SUITES: [&str; 4] = ["libc", "syscalls", "signals", "threads"];

/// Runs the programs whose names contain `filter`; the names begin with `label`.
///
/// # Errors
/// When a folder cannot be read, a file's directives make no sense, or a worker panics.
pub(crate) fn run(cx: &Cx, label: &str, emulated: &Emulated, filter: &str) -> Result<Tally> {
    let how = How {
        emulated: Some(emulated),
        ..How::default()
    };
    let clang = &native_compiler(cx)?;
    let mut all = Vec::new();
    for suite in SUITES {
        all.extend(tests(cx, suite)?.into_iter().map(|test| (suite, test)));
    }
    let cases = all.iter().map(|(suite, test)| Case {
        name: format!("{label}/{suite}/{}", test.name),
        run: Box::new(move || match &test.directives.skip_cross {
            Some(reason) => Ok(Verdict::Skipped(reason.clone())),
            None => judge(cx, clang, test, "-O2", how),
        }),
    });
    run_all(cx, label, filter, cases.collect())
}
