//! The library as those use it who build runtimes: its examples, and a program for what they do not show,
//! run modules.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

/// A folder with the programs that run modules, and the compiler beside them, where they look for it.
static PROGRAMS: LazyLock<PathBuf> = LazyLock::new(|| {
    let own = std::env::current_exe().expect("the tests' own path");
    let built = own.ancestors().nth(2).expect("cargo's folder of a profile");
    let installed = std::env::var_os("WALI_BUILD_DIR").map(|dir| Path::new(&dir).join("bin"));
    let compiler = installed.into_iter().chain([built.to_owned()]);
    let mut compiler = compiler.map(|dir| dir.join("wali-compiler"));
    let compiler = compiler.find(|path| path.exists()).expect(
        "these tests need wali-compiler: run them by `cargo xtask test unit`, \
         or build it with `cargo build --release -p wali-compiler`",
    );
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("embedding");
    std::fs::create_dir_all(&folder).expect("a folder for the programs");
    let examples = ["run", "run_without_network", "embedder"];
    let examples = examples.map(|name| built.join("examples").join(name));
    for program in examples.iter().chain([&compiler]) {
        let place = folder.join(program.file_name().expect("a program's name"));
        // Nobody writes to a program that still runs, but another one may take its name.
        let new = place.with_extension("new");
        let copied = std::fs::copy(program, &new).and_then(|_| std::fs::rename(&new, &place));
        copied.unwrap_or_else(|error| {
            panic!(
                "{}: {error}; `cargo test -p wali-runtime` builds it",
                program.display()
            )
        });
    }
    folder
});

/// A folder of its own for a test, gone with it.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().expect("a folder for the test"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The module of the source `name` in this folder, or of one that the engine is tested with.
    fn module(&self, name: &str) -> PathBuf {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/embedding");
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/engine");
        let source = [own, shared].map(|dir| dir.join(name).with_extension("wat"));
        let source = source.iter().find(|path| path.exists()).expect("a source");
        let path = self.path(name).with_extension("wasm");
        let module = wat::parse_file(source).unwrap_or_else(|error| panic!("{error}"));
        std::fs::write(&path, module).expect("a module");
        // Whoever executes it asks for that.
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&path, mode).expect("a module to execute");
        path
    }

    /// The program `name` with these words, then the module `module`.
    fn command(&self, name: &str, words: &[&str], module: &str) -> Command {
        let mut command = Command::new(PROGRAMS.join(name));
        command.args(words).arg(self.module(module));
        command.env("XDG_CACHE_HOME", self.path("cache"));
        command.stdin(Stdio::null());
        command
    }

    /// `embedder` running `module` in that way.
    fn embed(&self, way: &str, module: &str) -> Output {
        ended(&mut self.command("embedder", &[way], module))
    }
}

fn ended(command: &mut Command) -> Output {
    command.output().expect("the program starts")
}

#[track_caller]
fn assert_status(output: &Output, status: i32) {
    assert_eq!(output.status.code(), Some(status), "{output:?}");
}

#[track_caller]
fn assert_fails(output: &Output, status: i32, part: &str) {
    assert_status(output, status);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains(part), "no {part:?} in {text}");
}

#[test]
fn the_exit_status_and_the_output_pass_through() {
    let output = ended(&mut Place::new().command("run", &[], "hello"));
    assert_status(&output, 3);
    assert_eq!(
        (&*output.stdout, &*output.stderr),
        (&b"hello\n"[..], &b""[..])
    );
}

#[test]
fn a_file_that_is_not_there_is_told_as_a_shell_does() {
    let place = Place::new();
    let mut command = place.command("run", &["/nonexistent/a.wasm"], "hello");
    assert_fails(&ended(&mut command), 127, "/nonexistent/a.wasm");
}

#[test]
fn a_program_dies_of_a_closed_pipe_as_it_would_natively() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = ended(Place::new().command("run", &[], "hello").stdout(writer));
    assert_eq!(output.status.signal(), Some(libc::SIGPIPE), "{output:?}");
}

#[test]
fn handlers_of_the_host_are_gone() {
    let output = Place::new().embed("handle", "terminate");
    assert_eq!(output.status.signal(), Some(libc::SIGTERM), "{output:?}");
}

#[test]
fn arguments_arrive() {
    let output = Place::new().embed("arguments", "arguments");
    assert_status(&output, 0);
    assert_eq!(output.stdout, b"name\0\0a b\0c\0");
}

#[test]
fn the_environment_is_inherited_and_changed() {
    let place = Place::new();
    let mut command = place.command("embedder", &["environment"], "environment");
    command
        .env_clear()
        .env("XDG_CACHE_HOME", place.path("cache"));
    command.envs([("EMBEDDER", "old"), ("REMOVED", "1"), ("KEPT", "2")]);
    let output = ended(&mut command);
    assert_status(&output, 0);
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("XDG_"))
        .collect();
    lines.sort_unstable();
    assert_eq!(lines, ["ADDED=1=2", "EMBEDDER=new", "KEPT=2"]);
}

#[test]
fn the_environment_can_be_empty() {
    // The status with which the module says that there is none.
    assert_status(&Place::new().embed("no-environment", "environment"), 9);
}

#[test]
fn working_directory_and_streams_arrive() {
    let place = Place::new();
    std::fs::write(place.path("in"), "input").expect("a file");
    let mut command = place.command("embedder", &["set"], "streams");
    // The module's path and the cache's start from another directory.
    command
        .arg(place.0.path())
        .args(["in", "out", "err"].map(|name| place.path(name)));
    assert_status(&ended(&mut command), 7);
    let dir = place.0.path().canonicalize().expect("the folder");
    let expected = format!("{}\0input", dir.display());
    let read = |name| std::fs::read_to_string(place.path(name)).expect("a stream");
    assert_eq!((read("out"), read("err")), (expected, "error".to_owned()));
}

/// The bits of `judged.wat`.
const NOTHING_REFUSED: i32 = 4;
const TWO_REFUSED: i32 = 7;

#[test]
fn a_policy_refuses_what_it_judges_in_every_thread_and_child_and_nothing_else() {
    let place = Place::new();
    assert_status(&place.embed("plain", "judged"), NOTHING_REFUSED);
    assert_status(&place.embed("judge", "judged"), TWO_REFUSED);
    assert_status(&place.embed("judge-interpreted", "judged"), TWO_REFUSED);
}

#[test]
fn a_policy_of_a_program_that_is_not_run_is_not_in_force() {
    assert_status(
        &Place::new().embed("judge-other", "judged"),
        NOTHING_REFUSED,
    );
}

#[test]
fn a_policy_that_panics_ends_the_process_before_the_call() {
    let output = Place::new().embed("panic", "hello");
    assert_eq!(output.status.signal(), Some(libc::SIGABRT), "{output:?}");
    assert_eq!(output.stdout, b"");
}

#[test]
fn the_second_program_of_a_process_is_refused() {
    let place = Place::new();
    let mut command = place.command("embedder", &["second"], "hello");
    let output = ended(command.arg(place.module("socket")));
    assert_fails(&output, 3, "start another process");
    assert_eq!(output.stdout, b"hello\n");
}

#[test]
fn a_program_that_did_not_start_is_not_the_first_of_its_process() {
    let place = Place::new();
    let mut command = place.command("embedder", &["after-failure"], "judged");
    let output = ended(command.arg(place.module("no-start")));
    assert_status(&output, NOTHING_REFUSED);
}

#[test]
fn a_module_that_nobody_can_compile_is_an_error_of_its_own() {
    let place = Place::new();
    assert_fails(
        &place.embed("uncompiled", "hello"),
        99,
        "there is no compiler",
    );
    assert_fails(
        &place.embed("lost-compiler", "hello"),
        99,
        "/nonexistent/compiler",
    );
}

#[test]
fn a_trace_has_the_calls_that_were_refused_too() {
    let place = Place::new();
    let mut command = place.command("embedder", &["trace"], "judged");
    assert_status(&ended(command.arg(place.path("trace"))), TWO_REFUSED);
    let trace = std::fs::read_to_string(place.path("trace")).expect("a trace");
    for part in ["] getppid() = -1 EPERM", "] getpgid(0) = "] {
        // The first thread, the child, the second thread.
        assert_eq!(trace.matches(part).count(), 3, "{part} in\n{trace}");
    }
    assert!(!trace.contains("getrlimit"), "{trace}");
}

#[test]
fn modules_are_executed_by_an_engine_program_only() {
    let place = Place::new();
    let execute = |program: &str| {
        let mut command = place.command(program, &[], "execute");
        ended(command.arg(place.module("hello")))
    };
    assert_status(&execute("run"), libc::ENOEXEC);
    let output = execute("run_without_network");
    assert_status(&output, 3);
    assert_eq!(output.stdout, b"hello\n");
}

#[test]
fn native_programs_are_executed_either_way() {
    let output = ended(Place::new().command("run", &[], "execute").arg("/bin/true"));
    assert_status(&output, 0);
}

#[test]
fn the_example_refuses_sockets_to_a_program_and_to_what_it_executes() {
    let place = Place::new();
    assert_status(&ended(&mut place.command("run", &[], "socket")), 0);
    let refused = |command: &mut Command| {
        let output = ended(command);
        assert_status(&output, libc::EPERM);
        assert_eq!((&*output.stdout, &*output.stderr), (&b""[..], &b""[..]));
    };
    refused(&mut place.command("run_without_network", &[], "socket"));
    let mut command = place.command("run_without_network", &["--"], "execute");
    refused(command.arg(place.module("socket")));
    assert_fails(
        &ended(&mut place.command("run_without_network", &["--other"], "socket")),
        2,
        "give a program",
    );
}
