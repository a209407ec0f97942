//! The surroundings in which a test program runs: an empty folder, a fixed environment, and the same
//! name for the native program and the module, so that both can write the same.

use std::ffi::OsString;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::bounded::Program;
use crate::cx::Cx;

/// A program in one of its builds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Build<'a> {
    Native(&'a Path),
    Wasm(&'a Path),
}

/// The command that starts an engine for another instruction set than this machine's: its emulator,
/// what that takes, and the engine; then the options of its subcommand `run`.
#[derive(Clone, Debug)]
pub(crate) struct Emulated {
    pub(crate) command: Vec<OsString>,
    pub(crate) options: Vec<OsString>,
}

/// How a module is run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct How<'a> {
    /// By this engine instead of the machine's own.
    pub(crate) emulated: Option<&'a Emulated>,
    /// By the engine's interpreter.
    pub(crate) interpreted: bool,
    /// Without the tests that take the interpreter minutes (`skip-interp:`).
    pub(crate) briefly: bool,
    /// The file that its system calls are written to.
    pub(crate) trace: Option<&'a Path>,
}

impl How<'_> {
    /// How long a program may run that has `limit` otherwise.
    pub(crate) fn limit(&self, limit: Duration) -> Duration {
        match self {
            How {
                interpreted: true, ..
            } => limit * 10,
            How {
                emulated: Some(_), ..
            } => limit * 4,
            _ => limit,
        }
    }
}

/// What a caller can ask of tests: how long the stress test runs, in seconds, and how many processes
/// idle at once.
const ASKED: [&str; 2] = ["WALI_STRESS_SECONDS", "WALI_IDLE_PROCESSES"];

/// The environment that test programs see. Nothing of the caller's but PATH and what concerns tests.
pub(crate) fn environment(cx: &Cx) -> Vec<(OsString, OsString)> {
    let own = cx.out("bin");
    let caller = std::env::var_os("PATH").unwrap_or_default();
    let folders = [own].into_iter().chain(std::env::split_paths(&caller));
    let path = std::env::join_paths(folders).unwrap_or(caller);
    let fixed = [
        ("HOME", "/"),
        ("TMPDIR", "."),
        ("LC_ALL", "C"),
        ("TZ", "UTC0"),
        ("TERM", "xterm"),
    ];
    let fixed = fixed.map(|(name, value)| (name.into(), value.into()));
    // Where the engine keeps what it compiled.
    let cache = ("XDG_CACHE_HOME".into(), cx.out("cache").into_os_string());
    let asked = ASKED.map(|name| Some((name.into(), std::env::var_os(name)?)));
    fixed
        .into_iter()
        .chain([cache, ("PATH".into(), path)])
        .chain(asked.into_iter().flatten())
        .collect()
}

/// An empty folder for one run.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn folder() -> Result<TempDir> {
    tempfile::Builder::new()
        .prefix("wali-test-")
        .tempdir()
        .context("making a folder for a test")
}

/// The program `build` under the name `./NAME` in `folder`, a module run as `how` says.
///
/// # Errors
/// When the name cannot be made.
pub(crate) fn program(
    cx: &Cx,
    build: Build,
    name: &str,
    folder: &Path,
    how: How,
) -> Result<Program> {
    let (Build::Native(file) | Build::Wasm(file)) = build;
    let link = folder.join(name);
    symlink(file, &link).with_context(|| format!("linking {}", link.display()))?;
    let name = format!("./{name}");
    let env = environment(cx);
    Ok(match build {
        Build::Native(_) => Program::new(name, &env),
        Build::Wasm(_) => {
            let own = [cx.out("bin/wali-engine").into()];
            let command = how.emulated.map_or(&own[..], |emulated| &emulated.command);
            let (program, args) = command.split_first().context("no engine")?;
            let mut args = args.to_vec();
            args.push("run".into());
            args.extend(
                how.emulated
                    .into_iter()
                    .flat_map(|emulated| emulated.options.clone()),
            );
            args.extend(how.interpreted.then(|| "--interp".into()));
            if let Some(trace) = how.trace {
                args.extend(["--strace".into(), "--strace-out".into(), trace.into()]);
            }
            args.push(name.into());
            Program::new(program, &env).args(args)
        }
    })
}
