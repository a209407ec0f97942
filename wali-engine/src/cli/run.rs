//! `wali-engine run`: runs a program.

use std::ffi::{CString, OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::Failure;
use super::size::Size;
use crate::engine::Executor;
use crate::host::{command_line, descriptor, faults, process};
use crate::loader::{self, CacheChoice, LoadOptions};
use crate::process::OwnFile;
use crate::run::{Launch, run as run_program};
use crate::strace::{self, Filter, Trace};

/// The exit status for a program that was found and cannot be run.
const CANNOT_RUN: u8 = 126;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Set an environment variable for the program; may be given again.
    #[arg(long, value_name = "K=V")]
    env: Vec<OsString>,
    /// Set the variables of a file: K=V lines, or K=V entries that end with NULs.
    #[arg(long, value_name = "FILE")]
    env_file: Vec<PathBuf>,
    /// Do not pass this process's environment on.
    #[arg(long)]
    clean_env: bool,
    /// Call this exported function, after the module's start routine if it has one.
    #[arg(long, value_name = "NAME")]
    invoke: Option<String>,
    /// What the program sees as its name; its path by default.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    argv0: Option<OsString>,
    /// What ps shows as its name; the last part of its path by default.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    name: Option<OsString>,
    /// Interpret the program instead of translating it to machine code.
    #[arg(long)]
    interp: bool,
    /// Compile anew and keep nothing.
    #[arg(long)]
    no_cache: bool,
    /// Keep compiled programs in this folder, which only you may be able to write.
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache_dir: Option<PathBuf>,
    /// Keep no more than that, a number with K, M or G behind it; what was not used for longest goes
    /// first.
    #[arg(
        long,
        value_name = "SIZE",
        conflicts_with = "no_cache",
        default_value = "1G"
    )]
    cache_limit: Size,
    /// Write a line for every system call; of some only: names of calls or families with commas
    /// between, `!` before what is left out, `failed` for calls that fail.
    #[arg(long, value_name = "FILTER", num_args = 0..=1, require_equals = true,
          default_missing_value = "all")]
    strace: Option<String>,
    /// Add those lines to a file instead of standard error.
    #[arg(long, value_name = "FILE", requires = "strace")]
    strace_out: Option<PathBuf>,
    /// Count the calls, their errors and their time instead.
    #[arg(short = 'c', long, requires = "strace")]
    strace_summary: bool,
    /// The module and its arguments. Behind the module nothing is an option of the engine's.
    #[arg(required = true, trailing_var_arg = true, value_names = ["PROGRAM", "ARGS"])]
    program: Vec<OsString>,
}

pub(super) fn run(args: Args) -> Result<u8, Failure> {
    faults::remember_ignored();
    let env = environment(&args)?;
    process::record_no_backtraces();
    let options = load_options(&args);
    let passed_on = passed_on(&args);
    start_trace(&args)?;
    let mut words = args.program.into_iter();
    let path = words.next().unwrap_or_default();
    let name = args.argv0.unwrap_or_else(|| path.clone());
    let cannot_run = |message: String| Failure {
        message,
        status: CANNOT_RUN,
    };
    let program = loader::load(Path::new(&path), &options)?;
    set_name(args.name.as_deref(), Path::new(&path));
    let launch = Launch {
        args: std::iter::once(name)
            .chain(words)
            .map(OsString::into_vec)
            .collect(),
        env,
        invoke: args.invoke,
        options: passed_on,
        file: OwnFile::at(Path::new(&path)),
    };
    command_line::show(&launch.args);
    let status = run_program(program, launch).map_err(|error| cannot_run(error.to_string()))?;
    strace::finish();
    process::exit_now(status)
}

/// Names the process as the kernel names a native one.
fn set_name(name: Option<&OsStr>, path: &Path) {
    let name = name.or(path.file_name()).unwrap_or_default();
    // An argument of this process has no NUL in it.
    process::set_name(&CString::new(name.as_bytes()).unwrap_or_default());
}

/// Starts the trace that the options ask for.
fn start_trace(args: &Args) -> Result<(), Failure> {
    let Some(text) = &args.strace else {
        return Ok(());
    };
    let usage = |message: String| Failure {
        message,
        status: super::USAGE,
    };
    let filter = Filter::parse(text).map_err(|word| {
        usage(format!(
            "--strace={text}: {word:?} is neither a system call nor a family of them; \
             `wali-engine syscalls` lists both"
        ))
    })?;
    let out = match &args.strace_out {
        None => None,
        Some(path) => Some(
            trace_file(path)
                .map_err(|error| usage(format!("opening {}: {error}", path.display())))?,
        ),
    };
    strace::start(Trace {
        filter,
        out,
        summary: args.strace_summary,
    });
    Ok(())
}

/// The file for a trace; programs that this one becomes go on in it.
fn trace_file(path: &Path) -> std::io::Result<File> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    Ok(descriptor::out_of_the_way(file))
}

fn load_options(args: &Args) -> LoadOptions {
    let cache = match &args.cache_dir {
        Some(dir) => CacheChoice::Dir(dir.clone()),
        None if args.no_cache => CacheChoice::Off,
        None => CacheChoice::User,
    };
    let executor = if args.interp {
        Executor::Interpreter
    } else {
        Executor::Compiler
    };
    LoadOptions {
        executor,
        cache,
        cache_limit_bytes: args.cache_limit.bytes,
    }
}

/// The options that modules started by this one are run with too.
fn passed_on(args: &Args) -> Vec<CString> {
    let mut options = Vec::new();
    if args.interp {
        options.push(c"--interp".to_owned());
    }
    if args.no_cache {
        options.push(c"--no-cache".to_owned());
    }
    if let Some(filter) = &args.strace {
        let option = format!("--strace={filter}");
        options.push(CString::new(option).unwrap_or_default());
    }
    if args.strace_summary {
        options.push(c"--strace-summary".to_owned());
    }
    if let Some(file) = &args.strace_out {
        let file = std::path::absolute(file).unwrap_or_else(|_| file.clone());
        let file = CString::new(file.into_os_string().into_vec()).unwrap_or_default();
        options.extend([c"--strace-out".to_owned(), file]);
    }
    if let Some(dir) = &args.cache_dir {
        // The program may change its working directory.
        let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.clone());
        // An argument of this process has no NUL in it.
        let dir = CString::new(dir.into_os_string().into_vec()).unwrap_or_default();
        options.extend([c"--cache-dir".to_owned(), dir]);
    }
    if args.cache_limit != Size::DEFAULT_CACHE_LIMIT {
        let option = format!("--cache-limit={}", args.cache_limit.bytes);
        options.push(CString::new(option).unwrap_or_default());
    }
    options
}

/// The program's environment: this process's, then the files', then the options'.
fn environment(args: &Args) -> Result<Vec<Vec<u8>>, Failure> {
    let mut env = Vec::new();
    if !args.clean_env {
        env = process::environment();
    }
    for file in &args.env_file {
        let bytes = std::fs::read(file).map_err(|error| Failure {
            message: format!("reading {}: {error}", file.display()),
            status: super::USAGE,
        })?;
        let end = if bytes.contains(&0) { 0 } else { b'\n' };
        for entry in bytes
            .split(|&byte| byte == end)
            .filter(|entry| !entry.is_empty())
        {
            set(&mut env, OsStr::from_bytes(entry))?;
        }
    }
    for entry in &args.env {
        set(&mut env, entry)?;
    }
    Ok(env)
}

/// Sets one `K=V`, in the place of an earlier one for the same name.
fn set(env: &mut Vec<Vec<u8>>, entry: &OsStr) -> Result<(), Failure> {
    let bytes = entry.as_bytes();
    let name_len = bytes
        .iter()
        .position(|&byte| byte == b'=')
        .filter(|&len| len > 0);
    let Some(name_len) = name_len else {
        return Err(Failure {
            message: format!("{entry:?} is no environment entry; write NAME=VALUE"),
            status: super::USAGE,
        });
    };
    let same = |known: &Vec<u8>| known.get(..=name_len) == bytes.get(..=name_len);
    match env.iter_mut().find(|known| same(known)) {
        Some(known) => *known = bytes.to_vec(),
        None => env.push(bytes.to_vec()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_value_takes_the_place_of_an_earlier_one() {
        let mut env = vec![b"AB=1".to_vec(), b"A=1".to_vec()];
        for entry in ["A=2", "B=", "A=3=4"] {
            assert!(set(&mut env, OsStr::new(entry)).is_ok());
        }
        assert_eq!(env, [&b"AB=1"[..], b"A=3=4", b"B="]);
        assert!(set(&mut env, OsStr::new("novalue")).is_err());
        assert!(set(&mut env, OsStr::new("=x")).is_err());
    }
}
