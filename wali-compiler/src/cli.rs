//! The command line of `wali-compiler`.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::fd::BorrowedFd;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use rustix::net::{RecvFlags, SendFlags};
use rustix::process::{Signal, set_parent_process_death_signal};
use wali_artifact::exchange::{self, Query};
use wali_artifact::{Compiler as _, LoadError, Outcome, Request};

use crate::backend::{LEVELS, Optimization, Target};
use crate::in_process::InProcess;
use crate::program::compile_file;

/// Makes compiled programs of modules. `wali-engine` starts it when it meets a module that was not
/// compiled yet, and for `wali-engine compile`.
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compile a program into a file that starts at once.
    Compile(Args),
    /// Compile the module on standard input for wali-engine.
    #[command(name = exchange::SUBCOMMAND, hide = true)]
    Serve {
        #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
        query: Vec<OsString>,
    },
}

#[derive(clap::Args)]
struct Args {
    /// Where the compiled program goes; beside the module by default, with the ending .cwasm.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What it is to run on: `host`, this very kind of processor; a level that many processors have;
    /// `interpreter`, which runs it without executable memory.
    #[arg(long, default_value = "host", value_parser = target)]
    target: Target,
    /// How hard the compiler tries: 0 not at all, 2 for speed, s for speed and small code.
    #[arg(short = 'O', value_name = "LEVEL", default_value = "2", value_parser = optimization)]
    optimization: Optimization,
    /// The module.
    module: PathBuf,
}

/// The program's name.
const NAME: &str = "wali-compiler";

/// The exit status for a command line that cannot be understood.
const USAGE: u8 = 2;

/// Does what `args`, the program's name first, say and returns the exit status.
pub fn main(args: Vec<OsString>) -> u8 {
    // Whoever has started this under another name is the one that the user knows.
    let name = args.first().map(PathBuf::from).unwrap_or_default();
    let name = name
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout, mistakes to stderr; a closed stream is no matter.
            let _ = error.print();
            return if error.use_stderr() { USAGE } else { 0 };
        }
    };
    let result = match cli.command {
        Command::Compile(args) => compile(args),
        Command::Serve { query } => return serve(&query),
    };
    match result {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("{name}: error: {error}");
            error.exit_status()
        }
    }
}

fn compile(args: Args) -> Result<(), LoadError> {
    let is_file = std::fs::metadata(&args.module).is_ok_and(|module| module.is_file());
    let output = match args.output {
        Some(output) => output,
        // Beside a device or a pipe nobody looks for it.
        None if !is_file && args.module.exists() => {
            let why = "it is no regular file; say with -o where the compiled program goes";
            return Err(LoadError::refused(&args.module, why));
        }
        None => args.module.with_extension("cwasm"),
    };
    compile_file(&args.module, &output, args.target, args.optimization)
}

/// Answers the engine that has started this process.
fn serve(query: &[OsString]) -> u8 {
    // Nobody waits for an answer once the engine is gone.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    let mut engine = Engine(rustix::stdio::stdin());
    let mut module = Vec::new();
    // The engine sends it all, and listens only then.
    let read = engine.read_to_end(&mut module);
    let result = match Query::from_args(query) {
        Ok(query) => match read {
            Ok(_) => make(&query, &module),
            Err(error) => Err(LoadError::reading(&query.path, error)),
        },
        Err(why) => Err(LoadError::refused(NAME.as_ref(), why)),
    };
    let written = engine.write_all(&exchange::answer(&result));
    u8::from(written.is_err())
}

/// The socket, this process's standard input, at whose other end the engine is.
struct Engine(BorrowedFd<'static>);

impl Read for Engine {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (len, _) = rustix::net::recv(self.0, buffer, RecvFlags::empty())?;
        Ok(len)
    }
}

impl Write for Engine {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::net::send(self.0, bytes, SendFlags::NOSIGNAL)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn make(query: &Query, module: &[u8]) -> Result<Outcome, LoadError> {
    let cache = query.open_cache();
    InProcess.compile(&Request {
        module,
        path: &query.path,
        executor: query.executor,
        cache: cache
            .as_ref()
            .map(|(cache, limit_bytes)| (cache, *limit_bytes)),
    })
}

fn target(text: &str) -> Result<Target, String> {
    match text {
        "host" => Ok(Target::Host),
        "interpreter" => Ok(Target::Interpreter),
        _ => LEVELS
            .iter()
            .find(|level| level.name == text)
            .map(Target::Level)
            .ok_or_else(|| {
                let levels: Vec<&str> = LEVELS.iter().map(|level| level.name).collect();
                format!("choose host, interpreter, {}", levels.join(", "))
            }),
    }
}

fn optimization(text: &str) -> Result<Optimization, String> {
    match text {
        "0" => Ok(Optimization::None),
        "2" => Ok(Optimization::Speed),
        "s" => Ok(Optimization::SpeedAndSize),
        _ => Err("choose 0, 2 or s".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
