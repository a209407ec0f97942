//! `cargo xtask`: sets up the toolchain, builds it, runs programs and tests.
//!
//! This file parses the command line and dispatches; each subcommand has a file of its own.

mod apps;
mod bench;
mod binfmt;
mod bounded;
mod ci;
mod clean;
mod codegen;
mod cross;
mod cx;
mod doctor;
mod engine;
mod fetch;
mod files;
mod fuzz;
mod harness;
mod llvm;
mod process;
mod product;
mod progress;
mod run;
mod setup;
mod sources;
mod stamp;
mod sysroot;
mod terminal;
mod test;
mod toolchain;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use cx::Cx;

/// Takes Linux programs from C source to WebAssembly and runs them
///
/// A program's system calls become imports of the module; the engine hands them to the kernel. In a
/// fresh clone one command sets up what is missing, compiles a program and runs it:
///
///     cargo xtask run examples/print.c
///
/// What is built lies in build/: the tools in build/bin (one entry for PATH), the C library in
/// build/sysroot, applications in build/apps. Sources are fetched once, into ~/.cache/wali. Every
/// command does only what is not done yet and can be interrupted at any time.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    max_term_width = 100,
    verbatim_doc_comment,
    after_help = EXAMPLES
)]
struct Cli {
    #[command(flatten)]
    options: cx::Options,
    #[command(subcommand)]
    command: Task,
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask setup                    set everything up
  cargo xtask run hello.c a b          compile hello.c and run it with the arguments a and b
  cargo xtask apps lua                 build Lua from its pristine source
  cargo xtask test libc --filter math  run some of the tests
  cargo xtask doctor                   say what is there and what is missing

`cargo xtask help COMMAND` says more of each.";

#[derive(Subcommand)]
enum Task {
    /// Set up everything: LLVM, the C library, the tools
    Setup(setup::Args),
    /// Compile a C file and run it; sets up what is missing
    Run(run::Args),
    /// Build applications, or list them
    Apps(apps::Args),
    /// Run the tests and end with a tally
    Test(test::Args),
    /// Run applications' tests natively and as Wasm, and compare
    TestApps(apps::TestArgs),
    /// Look for bugs of the engine with random calls or modules
    Fuzz(fuzz::Args),
    /// Compile for the other instruction sets, and run programs there under qemu
    Cross(cross::Args),
    /// Time programs against their native builds
    Bench(bench::Args),
    /// Let the kernel run modules like native programs, or take that back
    Binfmt(binfmt::Args),
    /// Find or install LLVM
    Llvm(llvm::Args),
    /// Build the C library, its headers and the start files
    Sysroot(sysroot::Args),
    /// Build wali-cc and wali-engine, and install all tools into build/bin
    Engine(engine::Args),
    /// Fetch sources into the cache
    Fetch(fetch::Args),
    /// Say what was found, what is missing, and how to get it
    Doctor(doctor::Args),
    /// Write the files that are generated from wali-abi
    Codegen(codegen::Args),
    /// Remove what was built
    Clean(clean::Args),
    /// Check what has to pass before a change lands: format, lints, tests
    Ci(ci::Args),
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
        Task::Setup(args) => setup::run(&cx, args)?,
        Task::Run(args) => return run::run(&cx, args),
        Task::Apps(args) => apps::run(&cx, args)?,
        Task::Test(args) => return test::run(&cx, args),
        Task::TestApps(args) => return apps::run_tests(&cx, args),
        Task::Fuzz(args) => return fuzz::run(&cx, args),
        Task::Cross(args) => return cross::run(&cx, args),
        Task::Bench(args) => bench::run(&cx, args)?,
        Task::Binfmt(args) => return binfmt::run(&cx, args),
        Task::Llvm(args) => llvm::run(&cx, args)?,
        Task::Sysroot(args) => sysroot::run(&cx, args)?,
        Task::Engine(args) => engine::run(&cx, args)?,
        Task::Fetch(args) => fetch::run(&cx, args)?,
        Task::Doctor(args) => return doctor::run(&cx, args),
        Task::Codegen(args) => codegen::run(&cx, args)?,
        Task::Clean(args) => clean::run(&cx, args)?,
        Task::Ci(args) => return ci::run(&cx, args),
    }
    Ok(ExitCode::SUCCESS)
}
