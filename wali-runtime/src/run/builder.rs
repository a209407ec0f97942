//! What a runtime is made of.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

use wali_artifact::{CacheChoice, Compiler, DEFAULT_LIMIT_BYTES, LoadError};
use wali_contract::Executor;

use super::compiler_program::CompilerProgram;
use super::engine_program::{EngineProgram, c_string};
use super::load::{LoadOptions, load};
use super::runtime::Runtime;
use super::setting::Setting;

use crate::calls::Policy;
use crate::host;
use crate::kernel::{child, process};
use crate::program::{OwnFile, Start};
use crate::trace::Trace;

/// What a [`Runtime`] is made of; [`Runtime::builder`] begins one.
///
/// The names are those of [`std::process::Command`], and so is what happens by default: the program has
/// no arguments but its name, and inherits environment, working directory and streams.
///
/// # Examples
///
/// ```no_run
/// use std::fs::File;
/// use wali_runtime::Runtime;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let runtime = Runtime::builder("sort.wasm")
///     .arg("--unique")
///     .env_clear()
///     .env("LC_ALL", "C")
///     .current_dir("/tmp")
///     .stdin(File::open("words")?)
///     .load()?;
/// match runtime.run()? {}
/// # }
/// ```
#[must_use = "a program is loaded by `load`"]
pub struct Builder {
    path: PathBuf,
    arg0: Option<OsString>,
    args: Vec<OsString>,
    env: Vec<Vec<u8>>,
    invoke: Option<String>,
    process_name: Option<OsString>,
    engine: Option<EngineProgram>,
    executor: Executor,
    cache: CacheChoice,
    cache_limit_bytes: u64,
    compiler: Option<Box<dyn Compiler>>,
    setting: Setting,
}

impl Runtime {
    /// Begins a runtime for the module or the compiled program at `path`.
    ///
    /// It has no arguments but its name, and inherits this process's environment, working directory and
    /// streams. A module is compiled by the program `wali-compiler` beside this process's own, and kept in
    /// the user's cache folder. The guest can execute native programs but no other modules; nobody judges
    /// or traces its system calls.
    ///
    /// It is a path and not the module's bytes, because the program is one with a file: `/proc/self/exe`
    /// leads there, and the cache tells by it that nothing has changed. Bytes go into a file first.
    ///
    /// This copies the process's environment: no other thread may change it meanwhile.
    pub fn builder(path: impl Into<PathBuf>) -> Builder {
        Builder::new(path.into())
    }
}

impl Builder {
    fn new(path: PathBuf) -> Builder {
        Builder {
            path,
            arg0: None,
            args: Vec::new(),
            env: process::environment(),
            invoke: None,
            process_name: None,
            engine: None,
            executor: Executor::Compiler,
            cache: CacheChoice::User,
            cache_limit_bytes: DEFAULT_LIMIT_BYTES,
            compiler: Some(Box::new(CompilerProgram::beside_this())),
            setting: Setting::default(),
        }
    }

    /// Begins a runtime as `args` say: `[--name NAME] [--argv0 NAME] [--] PROGRAM ARGUMENTS…`.
    ///
    /// So an [`EngineProgram`] is started, and so a user may call a command too. They are the arguments
    /// behind the command's own name and options. `None`: there is no program, an option has no value, or
    /// it is another one.
    pub fn from_args(args: impl IntoIterator<Item = impl Into<OsString>>) -> Option<Builder> {
        let mut args = args.into_iter().map(Into::into);
        let (mut name, mut arg0) = (None, None);
        let program = loop {
            let arg: OsString = args.next()?;
            match arg.to_str() {
                Some("--name") => name = Some(args.next()?),
                Some("--argv0") => arg0 = Some(args.next()?),
                Some("--") => break args.next()?,
                Some(option) if option.starts_with('-') => return None,
                _ => break arg,
            }
        };
        let mut builder = Builder::new(program.into()).args(args);
        if let Some(name) = name {
            builder = builder.process_name(name);
        }
        if let Some(arg0) = arg0 {
            builder = builder.arg0(arg0);
        }
        Some(builder)
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl Into<OsString>) -> Builder {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Builder {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// What the program sees as its own name, its `argv[0]`; its path by default.
    pub fn arg0(mut self, name: impl Into<OsString>) -> Builder {
        self.arg0 = Some(name.into());
        self
    }

    /// Sets a variable of the program's environment, in the place of an earlier one of that name.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Builder {
        set(&mut self.env, name.as_ref(), value.as_ref());
        self
    }

    /// Sets variables of the program's environment.
    pub fn envs(
        mut self,
        variables: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
    ) -> Builder {
        for (name, value) in variables {
            set(&mut self.env, name.as_ref(), value.as_ref());
        }
        self
    }

    /// Removes a variable from the program's environment.
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Builder {
        let name = name.as_ref();
        self.env.retain(|entry| !is_named(entry, name));
        self
    }

    /// Removes every variable, inherited ones and those that were set before.
    ///
    /// What is inherited is the environment of this process as it was when the builder was begun.
    pub fn env_clear(mut self) -> Builder {
        self.env.clear();
        self
    }

    /// Runs the program in `dir`; by default in this process's working directory. The paths of the
    /// program and of the cache still start from the latter.
    pub fn current_dir(mut self, dir: impl Into<PathBuf>) -> Builder {
        self.setting.current_dir = Some(dir.into());
        self
    }

    /// The program's standard input: a file, the end of a pipe, a socket. By default it is this
    /// process's, and so are the other two.
    pub fn stdin(mut self, stream: impl Into<OwnedFd>) -> Builder {
        self.setting.stdin = Some(stream.into());
        self
    }

    /// The program's standard output.
    pub fn stdout(mut self, stream: impl Into<OwnedFd>) -> Builder {
        self.setting.stdout = Some(stream.into());
        self
    }

    /// The program's standard error.
    pub fn stderr(mut self, stream: impl Into<OwnedFd>) -> Builder {
        self.setting.stderr = Some(stream.into());
        self
    }

    /// Leaves to the program what this process does about signals.
    ///
    /// By default signals that this process handles are as the kernel has them when the program begins, as
    /// after `execve`, and so is `SIGPIPE`, which Rust's start code has ignored. Other signals that are
    /// ignored stay so. This is for processes without that start code and without handlers, whose `SIGPIPE`
    /// is as whoever started them wanted it.
    pub fn inherit_signals(mut self) -> Builder {
        self.setting.inherits_signals = true;
        self
    }

    /// Calls this exported function, after the module's start routine if it has one, instead of
    /// `_start`: for modules without a main function.
    pub fn invoke(mut self, export: impl Into<String>) -> Builder {
        self.invoke = Some(export.into());
        self
    }

    /// What `ps` shows as the program's name, of which the kernel keeps 15 bytes; the last part of its
    /// path by default.
    pub fn process_name(mut self, name: impl Into<OsString>) -> Builder {
        self.process_name = Some(name.into());
        self
    }

    /// The program that runs modules which the guest executes. Without one the kernel answers for such a
    /// file, with `ENOEXEC` as a rule; native programs it executes either way.
    pub fn engine(mut self, engine: EngineProgram) -> Builder {
        self.engine = Some(engine);
        self
    }

    /// What executes modules, by default the processor. A program that is compiled already decides
    /// itself, but one of machine code is refused where the interpreter is asked for.
    pub fn executor(mut self, executor: Executor) -> Builder {
        self.executor = executor;
        self
    }

    /// Where compiled programs are kept for the next start; in the user's cache folder by default.
    pub fn cache(mut self, cache: CacheChoice) -> Builder {
        self.cache = cache;
        self
    }

    /// How many bytes may be kept there, by default [`DEFAULT_LIMIT_BYTES`]; what was not used for
    /// longest goes first.
    pub fn cache_limit(mut self, bytes: u64) -> Builder {
        self.cache_limit_bytes = bytes;
        self
    }

    /// Who compiles modules: by default the program `wali-compiler` beside this process's own
    /// ([`CompilerProgram::beside_this`]). `wali_compiler::InProcess` does it in this process.
    pub fn compiler(mut self, compiler: impl Compiler + 'static) -> Builder {
        self.compiler = Some(Box::new(compiler));
        self
    }

    /// Compiles nothing. Only compiled programs are run, and modules that the cache has; any other fails
    /// with [`LoadErrorKind::NoCompiler`](crate::LoadErrorKind::NoCompiler).
    pub fn without_compiler(mut self) -> Builder {
        self.compiler = None;
        self
    }

    /// Who judges the program's system calls before they are made. See [`Policy`].
    pub fn policy(mut self, policy: impl Policy + 'static) -> Builder {
        self.setting.policy = Some(Box::new(policy));
        self
    }

    /// Writes a line for each system call, or counts them.
    ///
    /// # Examples
    ///
    /// The calls that fail, and those about the network, in a file:
    ///
    /// ```no_run
    /// use std::fs::OpenOptions;
    /// use wali_runtime::{Filter, Runtime, Trace};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // Children and the programs that they become write to it too, so that it is appended to.
    /// let file = OpenOptions::new().create(true).append(true).open("trace")?;
    /// let runtime = Runtime::builder("prog.wasm")
    ///     .trace(Trace {
    ///         filter: Filter::parse("network,failed")?,
    ///         out: Some(file),
    ///         summary: false,
    ///     })
    ///     .load()?;
    /// match runtime.run()? {}
    /// # }
    /// ```
    pub fn trace(mut self, trace: Trace) -> Builder {
        self.setting.trace = Some(trace);
        self
    }

    /// Loads the program, compiling it first when nobody has yet.
    ///
    /// Of the process this changes only what [`host::prepare`] does, and the handlers of faults, which
    /// wasmtime installs.
    ///
    /// # Errors
    /// There is no program, or none that can be run here; [`LoadError::kind`] tells which.
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
        let file = OwnFile::at(&self.path);
        let name = self.process_name.as_deref().or(self.path.file_name());
        let name = c_string(name.unwrap_or_default());
        let args = std::iter::once(self.arg0.unwrap_or_else(|| self.path.clone().into()))
            .chain(self.args)
            .map(OsString::into_vec)
            .collect();
        let start = Start {
            args,
            env: self.env,
            engine: self.engine.map(EngineProgram::into_command),
            file,
        };
        Ok(Runtime {
            program,
            start,
            invoke: self.invoke,
            name,
            setting: self.setting,
        })
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let env: Vec<&OsStr> = self
            .env
            .iter()
            .map(|entry| OsStr::from_bytes(entry))
            .collect();
        f.debug_struct("Builder")
            .field("path", &self.path)
            .field("arg0", &self.arg0)
            .field("args", &self.args)
            .field("env", &env)
            .field("invoke", &self.invoke)
            .field("process_name", &self.process_name)
            .field("engine", &self.engine)
            .field("executor", &self.executor)
            .field("cache", &self.cache)
            .field("cache_limit_bytes", &self.cache_limit_bytes)
            .field("has_compiler", &self.compiler.is_some())
            .field("setting", &self.setting)
            .finish()
    }
}

/// Sets a variable, in the place of an earlier one of that name.
fn set(env: &mut Vec<Vec<u8>>, name: &OsStr, value: &OsStr) {
    let entry = [name.as_bytes(), b"=", value.as_bytes()].concat();
    match env.iter_mut().find(|known| is_named(known, name)) {
        Some(known) => *known = entry,
        None => env.push(entry),
    }
}

/// Whether `entry` is one of the variable `name`.
fn is_named(entry: &[u8], name: &OsStr) -> bool {
    let rest = entry.strip_prefix(name.as_bytes());
    rest.is_some_and(|rest| rest.starts_with(b"="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_value_takes_the_place_of_an_earlier_one() {
        let builder = Builder::new("x".into())
            .env_clear()
            .envs([("AB", "1"), ("A", "1"), ("C", "")])
            .env("A", "2=3")
            .env("B", "")
            .env_remove("C");
        assert_eq!(builder.env, [&b"AB=1"[..], b"A=2=3", b"B="]);
    }

    #[test]
    fn a_builder_is_begun_as_an_engine_is_started() {
        let of = |line: &str| Builder::from_args(line.split(' '));
        let shown = |line| of(line).map(|builder| format!("{builder:?}"));
        let full = shown("--name n --argv0 -a -- -m.wasm --name x").expect("a builder");
        for part in [
            r#"path: "-m.wasm""#,
            r#"arg0: Some("-a")"#,
            r#"args: ["--name", "x"]"#,
            r#"process_name: Some("n")"#,
        ] {
            assert!(full.contains(part), "no {part} in {full}");
        }
        assert!(shown("m.wasm -- a").is_some_and(|shown| shown.contains(r#"args: ["--", "a"]"#)));
        for line in ["--", "--name", "--name n", "--argv0", "--strace m.wasm"] {
            assert!(of(line).is_none(), "{line}");
        }
    }

    #[test]
    fn a_runtime_can_be_given_to_another_thread() {
        fn is_send<T: Send>() {}
        is_send::<Runtime>();
    }
}
