//! The command line.

mod cache;
mod compile;
mod failure;
mod inspect;
mod run;
mod size;
mod syscalls;

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use wali_runtime::host;

use self::failure::USAGE;

/// Runs WebAssembly programs whose system calls are the Linux kernel's.
///
/// `wali-engine prog.wasm args…` is short for `wali-engine run prog.wasm args…`.
#[derive(Parser)]
#[command(name = "wali-engine", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a program.
    Run(Box<run::Args>),
    /// Compile a program into a file that starts at once.
    #[command(disable_help_flag = true)]
    Compile(compile::Args),
    /// Look after the compiled programs that are kept for the next start.
    Cache(cache::Args),
    /// Show what a module is made of and what it lacks.
    Inspect(inspect::Args),
    /// List Linux's system calls and how far each is served.
    Syscalls(syscalls::Args),
}

/// Does what the command line says and returns the exit status.
pub fn main() -> u8 {
    host::prepare();
    do_command()
}

/// A function of its own: its frame is larger than some stacks.
#[inline(never)]
fn do_command() -> u8 {
    let args = std::env::args_os().collect();
    let args = if host::is_started_for_a_file() {
        for_file(args)
    } else {
        with_command(args)
    };
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout, mistakes to stderr; a closed stream is no matter.
            let _ = error.print();
            return if error.use_stderr() { USAGE } else { 0 };
        }
    };
    let result = match cli.command {
        Command::Run(args) => run::run(*args),
        Command::Compile(args) => compile::run(&args),
        Command::Cache(args) => cache::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Syscalls(args) => syscalls::run(&args),
    };
    result.unwrap_or_else(|failure| {
        eprintln!("wali-engine: error: {}", failure.message);
        failure.status
    })
}

/// Puts `run` in where the command is left out.
fn with_command(mut args: Vec<OsString>) -> Vec<OsString> {
    const KNOWN: [&str; 10] = [
        "run",
        "compile",
        "cache",
        "inspect",
        "syscalls",
        "help",
        "-h",
        "--help",
        "-V",
        "--version",
    ];
    let named = args
        .get(1)
        .is_none_or(|first| KNOWN.iter().any(|known| first == known));
    if !named {
        args.insert(1, "run".into());
    }
    args
}

/// The command line for what the kernel starts the engine with when somebody executes a module that
/// it knows by its first bytes: the engine, the module's path, and all of the module's own arguments.
fn for_file(mut args: Vec<OsString>) -> Vec<OsString> {
    if args.len() < 3 {
        return with_command(args);
    }
    let path = args.remove(1);
    args.splice(1..1, ["run".into(), "--argv0".into()]);
    args.splice(4..4, ["--".into(), path]);
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_alone_is_run() {
        let given = |line: &str| {
            let args = line.split(' ').map(OsString::from).collect();
            with_command(args).into_iter().nth(1)
        };
        assert_eq!(given("wali-engine prog.wasm inspect"), Some("run".into()));
        assert_eq!(
            given("wali-engine --clean-env prog.wasm"),
            Some("run".into())
        );
        assert_eq!(
            given("wali-engine inspect prog.wasm"),
            Some("inspect".into())
        );
        assert_eq!(given("wali-engine --version"), Some("--version".into()));
    }

    #[test]
    fn a_file_that_the_kernel_starts_keeps_its_name_and_all_arguments() {
        let args = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let started = for_file(args("/engine ./a.wasm -name --help run"));
        assert_eq!(
            started,
            args("/engine run --argv0 -name -- ./a.wasm --help run")
        );
        let cli = Cli::try_parse_from(&started);
        assert!(matches!(cli.map(|cli| cli.command), Ok(Command::Run(_))));
        assert_eq!(for_file(args("/engine -V")), args("/engine -V"));
    }

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
