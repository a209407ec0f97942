//! `cargo xtask`: sets up the toolchain, builds it, runs programs and tests.
//!
//! This file parses the command line and dispatches; each subcommand has a file of its own.

mod bench;
mod bounded;
mod clean;
mod cx;
mod engine;
mod fetch;
mod llvm;
mod process;
mod progress;
mod sources;
mod stamp;
mod terminal;
mod toolchain;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use cx::Cx;

/// Sets up the WALI toolchain, builds it, runs programs and tests
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    max_term_width = 100
)]
struct Cli {
    #[command(flatten)]
    options: cx::Options,
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Find or install LLVM
    Llvm(llvm::Args),
    /// Build wali-cc and wali-engine, and install all tools into build/bin
    Engine(engine::Args),
    /// Fetch sources into the cache
    Fetch(fetch::Args),
    /// Time programs against their native builds
    Bench(bench::Args),
    /// Remove what was built
    Clean(clean::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match dispatch(&cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(cli: &Cli) -> anyhow::Result<ExitCode> {
    let cx = Cx::new(&cli.options)?;
    match &cli.command {
        Task::Llvm(args) => llvm::run(&cx, args)?,
        Task::Engine(args) => engine::run(&cx, args)?,
        Task::Fetch(args) => fetch::run(&cx, args)?,
        Task::Bench(args) => bench::run(&cx, args)?,
        Task::Clean(args) => clean::run(&cx, args)?,
    }
    Ok(ExitCode::SUCCESS)
}
