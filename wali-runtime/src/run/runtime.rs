//! The runtime as a library.

use std::convert::Infallible;
use std::ffi::{CString, OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};
use wali_artifact::{CacheChoice, Compiler, DEFAULT_LIMIT_BYTES, LoadError};
use wali_contract::Executor;

use super::load::{LoadOptions, load};
use super::start::{StartError, run};
use crate::calls::{self, Policy};
use crate::kernel::{child, command_line, process};
use crate::program::{EngineCommand, OwnFile, Program, Start};
use crate::trace::{self, Trace};
use crate::{CompilerProgram, host};

/// A program that is loaded and ready to run.
///
/// **One program a process.** A guest's memory, its signal handlers, the numbers of its process and of
/// its threads are this process's own: that is what makes `fork`, signals and `wait` those of the kernel.
/// So [`run`](Runtime::run) turns the calling process into the program, as `execve` does, and does not
/// come back; a second call of it in one process is refused. Whoever wants several programs starts
/// several processes.
///
/// # Examples
///
/// A command that runs the program it is given:
///
/// ```no_run
/// use wali_runtime::Runtime;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let path = std::env::args_os().nth(1).ok_or("give a program")?;
/// let runtime = Runtime::builder(path)
///     .args(std::env::args_os().skip(2))
///     .env([("LANG", "C.UTF-8")])
///     .load()?;
/// match runtime.run()? {}
/// # }
/// ```
#[derive(Debug)]
pub struct Runtime {
    program: Program,
    start: Start,
    invoke: Option<String>,
    name: CString,
    setting: Setting,
}

/// What is changed of the process before the program starts.
#[derive(Debug, Default)]
struct Setting {
    current_dir: Option<PathBuf>,
    stdin: Option<OwnedFd>,
    stdout: Option<OwnedFd>,
    stderr: Option<OwnedFd>,
}

/// The program that is executed when the guest executes another module.
///
/// It is started as `PROGRAM ARGS… [--name NAME] --argv0 NAME -- MODULE ARGUMENTS…`, where `NAME` is what
/// the module sees as its own and `--name` what `ps` is to show, and has to run the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineProgram {
    /// Its file.
    pub path: PathBuf,
    /// What it is called with first, its own name included.
    pub args: Vec<OsString>,
}

/// What a [`Runtime`] is made of; [`Runtime::builder`] begins one.
pub struct Builder {
    path: PathBuf,
    argv0: Option<OsString>,
    args: Vec<OsString>,
    env: Vec<Vec<u8>>,
    invoke: Option<String>,
    name: Option<OsString>,
    engine: Option<EngineProgram>,
    executor: Executor,
    cache: CacheChoice,
    cache_limit_bytes: u64,
    compiler: Option<Box<dyn Compiler>>,
    setting: Setting,
    policy: Option<Box<dyn Policy>>,
    trace: Option<Trace>,
}

impl Runtime {
    /// Begins a runtime for the module or the compiled program at `path`.
    ///
    /// It has no arguments but its name, an empty environment, and this process's streams and working
    /// directory. A module is compiled by the program `wali-compiler` beside this process's own, and
    /// kept in the user's cache folder. The guest can execute native programs but no other modules.
    pub fn builder(path: impl Into<PathBuf>) -> Builder {
        Builder {
            path: path.into(),
            argv0: None,
            args: Vec::new(),
            env: Vec::new(),
            invoke: None,
            name: None,
            engine: None,
            executor: Executor::Compiler,
            cache: CacheChoice::User,
            cache_limit_bytes: DEFAULT_LIMIT_BYTES,
            compiler: Some(Box::new(CompilerProgram::beside_this())),
            setting: Setting::default(),
            policy: None,
            trace: None,
        }
    }

    /// Runs the program on the calling thread, which has to be the process's first, until the process
    /// ends: with the program's exit status, or by the signal that it dies from.
    ///
    /// # Errors
    /// It could not be started; nothing of it has run.
    pub fn run(self) -> Result<Infallible, StartError> {
        self.setting.apply()?;
        process::set_name(&self.name);
        command_line::show(&self.start.args);
        run(self.program, self.start, self.invoke.as_deref())
    }
}

impl Setting {
    fn apply(self) -> Result<(), StartError> {
        if let Some(dir) = self.current_dir {
            std::env::set_current_dir(dir)
                .map_err(|error| StartError::Setting("working directory", error))?;
        }
        let failed = |errno: rustix::io::Errno| StartError::Setting("streams", errno.into());
        if let Some(stream) = self.stdin {
            dup2_stdin(stream).map_err(failed)?;
        }
        if let Some(stream) = self.stdout {
            dup2_stdout(stream).map_err(failed)?;
        }
        if let Some(stream) = self.stderr {
            dup2_stderr(stream).map_err(failed)?;
        }
        Ok(())
    }
}

impl Builder {
    /// What the program sees as its name; its path by default.
    #[must_use]
    pub fn argv0(mut self, name: impl Into<OsString>) -> Builder {
        self.argv0 = Some(name.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Builder {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Adds variables to the environment.
    #[must_use]
    pub fn env(
        mut self,
        variables: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
    ) -> Builder {
        let entries = variables.into_iter().map(|(name, value)| {
            let (name, value) = (name.as_ref().as_bytes(), value.as_ref().as_bytes());
            [name, b"=", value].concat()
        });
        self.env.extend(entries);
        self
    }

    /// Adds entries to the environment as they are, `K=V` as a rule.
    #[must_use]
    pub fn raw_env(mut self, entries: impl IntoIterator<Item = Vec<u8>>) -> Builder {
        self.env.extend(entries);
        self
    }

    /// Runs the program in `dir`. Relative paths of program and cache still start from this process's.
    #[must_use]
    pub fn current_dir(mut self, dir: impl Into<PathBuf>) -> Builder {
        self.setting.current_dir = Some(dir.into());
        self
    }

    /// The program's standard input.
    #[must_use]
    pub fn stdin(mut self, stream: impl Into<OwnedFd>) -> Builder {
        self.setting.stdin = Some(stream.into());
        self
    }

    /// The program's standard output.
    #[must_use]
    pub fn stdout(mut self, stream: impl Into<OwnedFd>) -> Builder {
        self.setting.stdout = Some(stream.into());
        self
    }

    /// The program's standard error.
    #[must_use]
    pub fn stderr(mut self, stream: impl Into<OwnedFd>) -> Builder {
        self.setting.stderr = Some(stream.into());
        self
    }

    /// Calls this exported function, after the module's start routine if it has one, instead of
    /// `_start`: for modules without a main function.
    #[must_use]
    pub fn invoke(mut self, export: Option<String>) -> Builder {
        self.invoke = export;
        self
    }

    /// What `ps` shows as the program's name; the last part of its path by default.
    #[must_use]
    pub fn name(mut self, name: Option<OsString>) -> Builder {
        self.name = name;
        self
    }

    /// The program that is executed when the guest executes another module. Without one the kernel
    /// answers for such a file, with `ENOEXEC` as a rule.
    #[must_use]
    pub fn engine(mut self, engine: EngineProgram) -> Builder {
        self.engine = Some(engine);
        self
    }

    /// What executes modules; a program that is compiled already decides itself.
    #[must_use]
    pub fn executor(mut self, executor: Executor) -> Builder {
        self.executor = executor;
        self
    }

    /// Where compiled programs are kept, and how many bytes may be kept there.
    #[must_use]
    pub fn cache(mut self, cache: CacheChoice, limit_bytes: u64) -> Builder {
        self.cache = cache;
        self.cache_limit_bytes = limit_bytes;
        self
    }

    /// Who compiles modules; with `None` only compiled programs are run.
    #[must_use]
    pub fn compiler(mut self, compiler: Option<Box<dyn Compiler>>) -> Builder {
        self.compiler = compiler;
        self
    }

    /// Who judges the program's system calls before they are made.
    #[must_use]
    pub fn policy(mut self, policy: Box<dyn Policy>) -> Builder {
        self.policy = Some(policy);
        self
    }

    /// Writes a line for each system call, or counts them.
    #[must_use]
    pub fn trace(mut self, trace: Trace) -> Builder {
        self.trace = Some(trace);
        self
    }

    /// Loads the program, compiling it first when nobody has yet.
    ///
    /// # Errors
    /// There is no program, or none that can be run here.
    pub fn load(self) -> Result<Runtime, LoadError> {
        host::prepare();
        if child::is_only_thread() {
            process::record_no_backtraces();
        }
        let program = load(
            &self.path,
            &LoadOptions {
                executor: self.executor,
                cache: &self.cache,
                cache_limit_bytes: self.cache_limit_bytes,
                compiler: self.compiler.as_deref(),
            },
        )?;
        if self.policy.is_some() || self.trace.is_some() {
            calls::watch(self.policy);
        }
        if let Some(trace) = self.trace {
            trace::start(trace);
        }
        let argv0 = self.argv0.unwrap_or_else(|| self.path.clone().into());
        let name = self.name.as_deref().or(self.path.file_name());
        Ok(Runtime {
            name: c_string(name.unwrap_or_default()),
            start: Start {
                args: std::iter::once(argv0)
                    .chain(self.args)
                    .map(OsString::into_vec)
                    .collect(),
                env: self.env,
                engine: self.engine.map(|engine| EngineCommand {
                    program: c_string(engine.path.as_os_str()),
                    args: engine.args.iter().map(|arg| c_string(arg)).collect(),
                }),
                file: OwnFile::at(Path::new(&self.path)),
            },
            program,
            invoke: self.invoke,
            setting: self.setting,
        })
    }
}

/// The text up to its first NUL, which the kernel would not see more of either.
fn c_string(text: &OsStr) -> CString {
    let bytes = text.as_bytes().split(|&byte| byte == 0).next();
    CString::new(bytes.unwrap_or_default()).unwrap_or_default()
}
