//! Runs a program as its first argument says: what the tests of this folder ask of the library.
//!
//! `embedder WAY PROGRAM [WORDS…]`

use std::convert::Infallible;
use std::error::Error;
use std::ffi::OsString;
use std::fs::File;
use std::process::ExitCode;
use std::sync::Mutex;

use wali_runtime::{
    Builder, CacheChoice, CompilerProgram, Errno, Executor, Filter, LoadErrorKind, Policy, Runtime,
    StartError, Syscall, Trace, Verdict,
};

/// Refuses the calls of these names.
struct Refuse(&'static [(&'static str, Errno)]);

impl Policy for Refuse {
    fn judges(&self, call: &'static Syscall) -> bool {
        self.0.iter().any(|(name, _)| *name == call.name)
    }

    fn judge(&self, call: &'static Syscall, _args: &[i64]) -> Verdict {
        let refused = self.0.iter().find(|(name, _)| *name == call.name);
        refused.map_or(Verdict::Allow, |&(_, errno)| Verdict::Refuse(errno))
    }
}

/// What `judged.wat` asks for.
const TWO: Refuse = Refuse(&[("getppid", Errno::EPERM), ("getrlimit", Errno::EACCES)]);

/// Runs a second program while the first runs, and tells what comes of it.
struct Second(Mutex<Option<Runtime>>);

impl Policy for Second {
    fn judges(&self, call: &'static Syscall) -> bool {
        call.name == "write"
    }

    fn judge(&self, _call: &'static Syscall, _args: &[i64]) -> Verdict {
        let second = self.0.lock().expect("no panic").take();
        if let Some(Err(error)) = second.map(Runtime::run) {
            assert!(matches!(error, StartError::SecondProgram), "{error:?}");
            eprintln!("{error}");
        }
        Verdict::Allow
    }
}

/// Judges by panicking.
struct Panic;

impl Policy for Panic {
    fn judges(&self, call: &'static Syscall) -> bool {
        call.name == "write"
    }

    fn judge(&self, _call: &'static Syscall, _args: &[i64]) -> Verdict {
        panic!("no verdict")
    }
}

/// A handler of this process's, not of the program's.
extern "C" fn nothing(_signal: libc::c_int) {}

/// Runs `program` in that way.
fn embed(way: &str, program: &OsString, words: &[OsString]) -> Result<Infallible, Box<dyn Error>> {
    let begin = || Runtime::builder(program);
    let run =
        |builder: Builder| -> Result<Infallible, Box<dyn Error>> { Ok(builder.load()?.run()?) };
    match (way, words) {
        ("plain", words) => run(begin().args(words)),
        ("set", [dir, stdin, stdout, stderr]) => run(begin()
            .current_dir(dir)
            .stdin(File::open(stdin)?)
            .stdout(File::create(stdout)?)
            .stderr(File::create(stderr)?)),
        ("arguments", _) => run(begin().arg0("name").arg("").args(["a b", "c"])),
        ("environment", _) => run(begin()
            .env("EMBEDDER", "new")
            .envs([("ADDED", "1=2")])
            .env_remove("REMOVED")),
        ("no-environment", _) => run(begin().env_clear()),
        ("judge", _) => run(begin().policy(TWO)),
        ("judge-interpreted", _) => run(begin().executor(Executor::Interpreter).policy(TWO)),
        ("judge-other", _) => {
            drop(begin().policy(TWO).load()?);
            run(begin().policy(Refuse(&[("uname", Errno::EPERM)])))
        }
        ("handle", _) => {
            // SAFETY: the handler does nothing.
            unsafe { libc::signal(libc::SIGTERM, nothing as *const () as libc::sighandler_t) };
            run(begin())
        }
        ("panic", _) => run(begin().policy(Panic)),
        ("second", [other]) => {
            let second = Mutex::new(Some(Runtime::builder(other).load()?));
            run(begin().policy(Second(second)))
        }
        ("after-failure", [other]) => {
            let failed = Runtime::builder(other).policy(TWO).load()?.run();
            assert!(matches!(failed, Err(StartError::NoExport(_))), "{failed:?}");
            let failed = begin().current_dir("/nonexistent").load()?.run();
            assert!(
                matches!(failed, Err(StartError::CurrentDir(..))),
                "{failed:?}"
            );
            let failed = begin().arg("a\0b").load()?.run();
            assert!(matches!(failed, Err(StartError::Nul(_))), "{failed:?}");
            let runtime = begin().load()?;
            let failed = std::thread::spawn(|| runtime.run())
                .join()
                .expect("no panic");
            assert!(
                matches!(failed, Err(StartError::NotFirstThread)),
                "{failed:?}"
            );
            run(begin())
        }
        ("uncompiled", _) => {
            let loaded = begin().cache(CacheChoice::Off).without_compiler().load();
            let error = loaded.expect_err("nobody can have compiled it");
            assert!(
                matches!(error.kind(), LoadErrorKind::NoCompiler),
                "{error:?}"
            );
            Err(error.into())
        }
        ("lost-compiler", _) => {
            let lost = CompilerProgram::at("/nonexistent/compiler");
            let error = begin().cache(CacheChoice::Off).compiler(lost).load();
            let error = error.expect_err("nobody can have compiled it");
            let is_right = matches!(error.kind(), LoadErrorKind::CompilerNotStarted(..));
            assert!(is_right && error.source().is_some(), "{error:?}");
            Err(error.into())
        }
        ("trace", [file]) => run(begin().policy(TWO).trace(Trace {
            filter: Filter::parse("getppid,getpgid")?,
            out: Some(File::create(file)?),
            summary: false,
        })),
        _ => Err("no such way".into()),
    }
}

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let [_, way, program, words @ ..] = &args[..] else {
        return ExitCode::from(98);
    };
    let Err(error) = embed(&way.to_string_lossy(), program, words);
    eprintln!("{error}");
    ExitCode::from(99)
}
