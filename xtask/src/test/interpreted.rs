//! The suite `interpreted`: the programs of `tests/syscalls` and the tests of Lua with the engine's
//! interpreter, compared with their native builds. `cargo xtask test-apps --interp` has what takes longer.

use anyhow::Result;

use crate::apps;
use crate::cx::Cx;
use crate::harness::case::{Case, Tally, run_all};
use crate::harness::differential::{judge, native_compiler, tests};
use crate::harness::sandbox::How;

/// Runs the suite.
///
/// # Errors
/// When a folder cannot be read, Lua cannot be built, or a worker panics.
pub(super) fn run(cx: &Cx, filter: &str) -> Result<Tally> {
    let tests = tests(cx, "syscalls")?;
    let clang = &native_compiler(cx)?;
    let how = How {
        interpreted: true,
        briefly: true,
        ..How::default()
    };
    let cases = tests.iter().map(|test| Case {
        name: format!("interpreted/syscalls/{}", test.name),
        run: Box::new(move || judge(cx, clang, test, "-O2", how)),
    });
    let mut tally = run_all(cx, "interpreted", filter, cases.collect())?;
    tally += apps::test_lua(cx, filter, how)?;
    Ok(tally)
}
