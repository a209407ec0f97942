//! What the tests of the command share: fixtures, and running the engine on them.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

/// A folder with the engine and the compiler side by side, as they are installed. Cargo builds them in
/// different folders.
static PROGRAMS: LazyLock<PathBuf> = LazyLock::new(|| {
    let engine = Path::new(env!("CARGO_BIN_EXE_wali-engine"));
    let beside = engine.with_file_name("wali-compiler");
    let installed =
        std::env::var_os("WALI_BUILD_DIR").map(|build| Path::new(&build).join("bin/wali-compiler"));
    let compiler = [installed, Some(beside)].into_iter().flatten();
    let compiler = compiler.into_iter().find(|path| path.exists()).expect(
        "these tests need wali-compiler: run them by `cargo xtask test unit`, \
         or build it with `cargo build --release -p wali-compiler`",
    );
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    std::fs::create_dir_all(&folder).expect("a folder for the programs");
    for program in [engine, &compiler] {
        let place = folder.join(program.file_name().expect("a program's name"));
        // Nobody writes to a program that still runs, but another one may take its name.
        let new = place.with_extension("new");
        std::fs::copy(program, &new).expect("a program to copy");
        std::fs::rename(&new, &place).expect("a program to install");
    }
    folder
});

/// The engine's path.
pub(crate) fn engine_path() -> PathBuf {
    PROGRAMS.join("wali-engine")
}

/// A folder of its own for a test, gone with it.
pub(crate) struct Workplace {
    dir: tempfile::TempDir,
}

impl Workplace {
    /// An empty one.
    pub(crate) fn new() -> Workplace {
        let dir = tempfile::tempdir().expect("a folder for the test");
        Workplace { dir }
    }

    /// The path of `name` in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file and answers its path.
    pub(crate) fn file(&self, name: &str, contents: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, contents).expect("a file for the test");
        path
    }

    /// Translates the fixture `name` of `tests/engine` and answers the module's path.
    pub(crate) fn fixture(&self, name: &str) -> PathBuf {
        let source = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../tests/engine")
            .join(format!("{name}.wat"));
        let module = wat::parse_file(&source).unwrap_or_else(|error| panic!("{error}"));
        self.file(&format!("{name}.wasm"), &module)
    }

    /// The engine with its cache in this folder.
    pub(crate) fn engine(&self) -> Command {
        let mut command = Command::new(engine_path());
        command.env("XDG_CACHE_HOME", self.path("cache"));
        command
    }

    /// Runs the fixture `name` with options before and arguments behind it.
    pub(crate) fn run(&self, options: &[&str], name: &str, args: &[&str]) -> Ended {
        let module = self.fixture(name);
        let mut command = self.engine();
        command.arg("run").args(options).arg(module).args(args);
        Ended::of(&mut command)
    }
}

/// How a run of the engine ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit status, if it exited.
    pub(crate) status: Option<i32>,
    /// The signal, if one killed it.
    pub(crate) signal: Option<i32>,
    /// What it wrote to stdout.
    pub(crate) stdout: Vec<u8>,
    /// What it wrote to stderr.
    pub(crate) stderr: String,
}

impl Ended {
    /// Runs the command to its end.
    pub(crate) fn of(command: &mut Command) -> Ended {
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().expect("the engine starts");
        Ended {
            status: status.code(),
            signal: status.signal(),
            stdout,
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
        }
    }

    /// Asserts the exit status and that stderr has each of `parts`.
    pub(crate) fn fails_with(&self, status: i32, parts: &[&str]) {
        assert_eq!(self.status, Some(status), "{self:?}");
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?} in {}", self.stderr);
        }
    }
}
