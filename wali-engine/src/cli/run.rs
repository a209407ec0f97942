//! `wali-engine run`: runs a program.

use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use wali_runtime::{CacheChoice, CompilerProgram, EngineProgram, Executor, Filter, Runtime, Trace};

use super::failure::{Failure, USAGE};
use super::size::Size;

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
    /// Compile modules with this program instead of the wali-compiler beside this one.
    #[arg(long, value_name = "PATH")]
    compiler: Option<PathBuf>,
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
    let variables = variables(&args)?;
    let trace = trace(&args)?;
    let engine = EngineProgram::this()
        .arg0("wali-engine")
        .arg("run")
        .args(passed_on(&args));
    let mut words = args.program.into_iter();
    let path = words.next().unwrap_or_default();
    let mut builder = Runtime::builder(path)
        .args(words)
        .inherit_signals()
        .engine(engine)
        .executor(match args.interp {
            true => Executor::Interpreter,
            false => Executor::Compiler,
        })
        .cache(match args.cache_dir {
            Some(dir) => CacheChoice::Dir(dir),
            None if args.no_cache => CacheChoice::Off,
            None => CacheChoice::User,
        })
        .cache_limit(args.cache_limit.bytes);
    if args.clean_env {
        builder = builder.env_clear();
    }
    builder = builder.envs(variables);
    if let Some(name) = args.argv0 {
        builder = builder.arg0(name);
    }
    if let Some(name) = args.name {
        builder = builder.process_name(name);
    }
    if let Some(export) = args.invoke {
        builder = builder.invoke(export);
    }
    if let Some(compiler) = args.compiler {
        builder = builder.compiler(CompilerProgram::at(compiler));
    }
    if let Some(trace) = trace {
        builder = builder.trace(trace);
    }
    match builder.load()?.run() {
        Ok(never) => match never {},
        Err(error) => Err(Failure {
            message: error.to_string(),
            status: CANNOT_RUN,
        }),
    }
}

/// The trace that the options ask for.
fn trace(args: &Args) -> Result<Option<Trace>, Failure> {
    let Some(text) = &args.strace else {
        return Ok(None);
    };
    let usage = |message: String| Failure {
        message,
        status: USAGE,
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
    Ok(Some(Trace {
        filter,
        out,
        summary: args.strace_summary,
    }))
}

/// The file for a trace; programs that this one becomes go on in it.
fn trace_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// The options that modules started by this one are run with too.
fn passed_on(args: &Args) -> Vec<OsString> {
    // The program may change its working directory.
    let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    let mut options: Vec<OsString> = Vec::new();
    if args.interp {
        options.push("--interp".into());
    }
    if args.no_cache {
        options.push("--no-cache".into());
    }
    if let Some(filter) = &args.strace {
        options.push(format!("--strace={filter}").into());
    }
    if args.strace_summary {
        options.push("--strace-summary".into());
    }
    let paths = [
        ("--strace-out", &args.strace_out),
        ("--cache-dir", &args.cache_dir),
        ("--compiler", &args.compiler),
    ];
    for (option, path) in paths {
        if let Some(path) = path {
            options.extend([option.into(), absolute(path).into()]);
        }
    }
    if args.cache_limit != Size::DEFAULT_CACHE_LIMIT {
        options.push(format!("--cache-limit={}", args.cache_limit.bytes).into());
    }
    options
}

/// The variables that the options set, the files' first.
fn variables(args: &Args) -> Result<Vec<(OsString, OsString)>, Failure> {
    let mut variables = Vec::new();
    for file in &args.env_file {
        let bytes = std::fs::read(file).map_err(|error| Failure {
            message: format!("reading {}: {error}", file.display()),
            status: USAGE,
        })?;
        let end = if bytes.contains(&0) { 0 } else { b'\n' };
        for entry in bytes
            .split(|&byte| byte == end)
            .filter(|entry| !entry.is_empty())
        {
            variables.push(variable(OsStr::from_bytes(entry))?);
        }
    }
    for entry in &args.env {
        variables.push(variable(entry)?);
    }
    Ok(variables)
}

/// Name and value of one `K=V`.
fn variable(entry: &OsStr) -> Result<(OsString, OsString), Failure> {
    let bytes = entry.as_bytes();
    let name_len = bytes
        .iter()
        .position(|&byte| byte == b'=')
        .filter(|&len| len > 0);
    let Some(name_len) = name_len else {
        return Err(Failure {
            message: format!("{entry:?} is no environment entry; write NAME=VALUE"),
            status: USAGE,
        });
    };
    let text = |bytes| OsStr::from_bytes(bytes).to_owned();
    Ok((text(&bytes[..name_len]), text(&bytes[name_len + 1..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_has_a_name_and_any_value() {
        let read = |entry: &str| variable(OsStr::new(entry)).ok();
        let pair = |name: &str, value: &str| Some((name.into(), value.into()));
        assert_eq!(read("A=2"), pair("A", "2"));
        assert_eq!(read("A=3=4"), pair("A", "3=4"));
        assert_eq!(read("B="), pair("B", ""));
        assert_eq!(read("novalue"), None);
        assert_eq!(read("=x"), None);
    }
}
