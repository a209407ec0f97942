//! `cargo xtask ci`: what has to pass before a change lands: format, lints, then all tests.

use std::process::ExitCode;

use anyhow::Result;
use xshell::{Cmd, Shell, cmd};

use crate::bounded;
use crate::cx::Cx;
use crate::harness::case::{Tally, conclude};
use crate::setup;
use crate::test::{SUITES, Suite, run_suites};

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
    let shell = shell(cx)?;
    Ok(tally(cmd!(shell, "cargo fmt --all --check")))
}

fn lints(cx: &Cx, _filter: &str) -> Result<Tally> {
    let shell = shell(cx)?;
    // The release profile shares build scripts and macros with the build that follows.
    let clippy = ["clippy", "--release", "--workspace", "--all-targets"];
    Ok(tally(cmd!(shell, "cargo {clippy...} -- -D warnings")))
}

fn shell(cx: &Cx) -> Result<Shell> {
    let shell = Shell::new()?;
    shell.change_dir(cx.root());
    Ok(shell)
}

/// Runs a command with its output shown; one passed or one failed.
fn tally(command: Cmd) -> Tally {
    let passed = command.run().is_ok();
    Tally {
        passed: usize::from(passed),
        failed: usize::from(!passed),
        skipped: 0,
    }
}
