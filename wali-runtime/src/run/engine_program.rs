//! The program that runs the modules which a guest executes.

use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use crate::program::EngineCommand;

/// The program that runs a module which the guest executes.
///
/// A guest that executes a native program becomes that program, as any process does. One that executes a
/// module becomes this program, which is started as
///
/// ```text
/// PROGRAM ARGS… [--name NAME] --argv0 NAME -- MODULE ARGUMENTS…
/// ```
///
/// and has to run `MODULE`: `ARGS` are its own, `--argv0` is what the module is to see as its name,
/// `--name` what `ps` is to show. [`Builder::from_args`](crate::Builder::from_args) reads that. Nothing of this process's runtime is
/// passed on: policy, trace, cache and the rest are what that program makes of them.
///
/// # Examples
///
/// A command that runs modules, those that its programs execute too:
///
/// ```no_run
/// use wali_runtime::{Builder, EngineProgram};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let builder = Builder::from_args(std::env::args_os().skip(1)).ok_or("give a program")?;
/// let runtime = builder.engine(EngineProgram::this()).load()?;
/// match runtime.run()? {}
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct EngineProgram {
    path: PathBuf,
    arg0: OsString,
    args: Vec<OsString>,
}

impl EngineProgram {
    /// The program at `path`, which is absolute as a rule: the guest may have changed its working
    /// directory.
    pub fn new(path: impl Into<PathBuf>) -> EngineProgram {
        let path = path.into();
        EngineProgram {
            arg0: path.clone().into(),
            path,
            args: Vec::new(),
        }
    }

    /// The program that this process runs, whatever its file's name has become, called as it was now.
    pub fn this() -> EngineProgram {
        let path = PathBuf::from("/proc/self/exe");
        EngineProgram {
            arg0: std::env::args_os()
                .next()
                .unwrap_or_else(|| path.clone().into()),
            path,
            args: Vec::new(),
        }
    }

    /// What it sees as its own name, its `argv[0]`; by default its path.
    pub fn arg0(mut self, name: impl Into<OsString>) -> EngineProgram {
        self.arg0 = name.into();
        self
    }

    /// Adds an argument of its own, before those about the module.
    pub fn arg(mut self, arg: impl Into<OsString>) -> EngineProgram {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments of its own.
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> EngineProgram {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    pub(super) fn into_command(self) -> EngineCommand {
        let args = std::iter::once(&self.arg0).chain(&self.args);
        let args: Vec<CString> = args.map(|arg| c_string(arg)).collect();
        EngineCommand {
            program: c_string(self.path.as_os_str()),
            args,
        }
    }
}

/// The text up to its first NUL, which the kernel would not see more of either.
pub(super) fn c_string(text: &OsStr) -> CString {
    let bytes = text.as_bytes().split(|&byte| byte == 0).next();
    CString::new(bytes.unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_program_is_called_by_its_path_first() {
        let command = EngineProgram::new("/e")
            .arg("run")
            .args(["-x"])
            .into_command();
        assert_eq!(command.program.as_c_str(), c"/e");
        assert_eq!(command.args, [c"/e", c"run", c"-x"].map(CString::from));
        let named = EngineProgram::new("/e").arg0("n").into_command();
        assert_eq!(named.args, [c"n"].map(CString::from));
    }
}
