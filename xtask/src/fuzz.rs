//! `cargo xtask fuzz`: random system calls, and random changes of modules. What is found is a bug of the
//! engine: a panic, a fault, a hang, a mapping of the host's that changed.

mod modules;
mod options;
mod random;
mod syscalls;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::bounded;
use crate::cx::Cx;
use crate::setup;
use options::Options;

/// Command line of `cargo xtask fuzz`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    target: Target,
}

#[derive(Subcommand)]
enum Target {
    /// Random sequences of system calls, run as a module in namespaces of their own
    Syscalls(Options),
    /// Mutated and truncated modules, which must be refused or compile
    Modules(Options),
}

/// Runs the target until the time is over.
///
/// # Errors
/// When the set-up fails or nothing can be run.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<ExitCode> {
    bounded::end_with_us()?;
    setup::ensure(cx)?;
    let n_problems = match &args.target {
        Target::Syscalls(options) => syscalls::run(cx, options)?,
        Target::Modules(options) => modules::run(cx, options)?,
    };
    Ok(if n_problems == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
