//! `cargo xtask ci`: what has to pass before a change lands: format, lints, then all tests.

use std::process::ExitCode;

use anyhow::Result;

use crate::bounded;
use crate::cx::Cx;
use crate::engine::cargo;
use crate::setup;
use crate::test::case::Tally;
use crate::test::{SUITES, Suite, conclude, run_suites};

/// Command line of `cargo xtask ci`.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// What is checked before anything is built.
const CHECKS: [Suite; 2] = [
    Suite {
        name: "format",
        run: format,
    },
    Suite {
        name: "lints",
        run: lints,
    },
];

/// Runs everything and ends with the tally.
///
/// # Errors
/// When the set-up fails.
pub(crate) fn run(cx: &Cx, _args: &Args) -> Result<ExitCode> {
    bounded::end_with_us()?;
    let mut tally = run_suites(cx, &CHECKS.iter().collect::<Vec<_>>(), "")?;
    setup::ensure(cx)?;
    tally += run_suites(cx, &SUITES.iter().collect::<Vec<_>>(), "")?;
    Ok(conclude(tally))
}

fn format(cx: &Cx, _filter: &str) -> Result<Tally> {
    check(cx, &["fmt", "--all", "--check"])
}

fn lints(cx: &Cx, _filter: &str) -> Result<Tally> {
    // The release profile shares build scripts and macros with the build that follows.
    let targets = ["clippy", "--release", "--workspace", "--all-targets"];
    check(cx, &[&targets[..], &["--", "-D", "warnings"]].concat())
}

/// Runs cargo with its output shown; one passed or one failed.
fn check(cx: &Cx, args: &[&str]) -> Result<Tally> {
    let passed = cargo(cx).args(args).status()?.success();
    Ok(Tally {
        passed: usize::from(passed),
        failed: usize::from(!passed),
        skipped: 0,
    })
}
