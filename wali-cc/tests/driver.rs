//! The whole way of a command line with a compiler that only records what it is called with.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

/// One installation at a time: a program that is being written while another thread forks stays
/// open for writing in that child for an instant, and cannot be started then (`ETXTBSY`).
static ALONE: Mutex<()> = Mutex::new(());

/// A made-up installation: `bin/wali-cc`, `sysroot`, and an LLVM whose programs are scripts.
struct Installation {
    folder: TempDir,
    _alone: MutexGuard<'static, ()>,
}

impl Installation {
    /// `script` is what clang does after its arguments are written to the file `args`.
    fn new(script: &str) -> Installation {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let made = Installation {
            folder,
            // A test that failed leaves nothing behind that the next one could find.
            _alone: ALONE.lock().unwrap_or_else(PoisonError::into_inner),
        };
        for name in ["bin", "sysroot/include", "llvm/bin"] {
            std::fs::create_dir_all(made.path(name)).expect("a folder");
        }
        std::fs::copy(env!("CARGO_BIN_EXE_wali-cc"), made.path("bin/wali-cc")).expect("a copy");
        made.program("clang", script);
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn program(&self, name: &str, script: &str) {
        let record = format!("printf '%s\\0' \"$@\" > '{}'", self.path("args").display());
        let path = self.path("llvm/bin").join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{record}\n{script}\n")).expect("writable");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("permissions");
    }

    fn run(&self, program: &Path, args: &[impl AsRef<OsStr>]) -> Output {
        Command::new(program)
            .args(args)
            .current_dir(self.folder.path())
            .env_remove("WALI_LLVM")
            .env_remove("WALI_SYSROOT")
            .output()
            .expect("it starts")
    }

    fn cc(&self, args: &[impl AsRef<OsStr>]) -> Output {
        self.run(&self.path("bin/wali-cc"), args)
    }

    /// The arguments of the last program that was called.
    fn recorded(&self) -> Vec<OsString> {
        let bytes = std::fs::read(self.path("args")).expect("a program was called");
        let args = bytes
            .strip_suffix(b"\0")
            .unwrap_or(&bytes)
            .split(|&byte| byte == 0);
        args.map(|arg| OsString::from_vec(arg.to_vec())).collect()
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn exit_status_and_streams_are_clangs() {
    for status in [0, 1, 3, 70, 254] {
        let made = Installation::new(&format!("echo out; echo err >&2; exit {status}"));
        for line in [["-c", "a.c"], ["a.c", "-lm"]] {
            let output = made.cc(&line);
            assert_eq!(output.status.code(), Some(status), "{line:?}");
            assert_eq!(output.stdout, b"out\n", "{line:?}");
            assert_eq!(output.stderr, b"err\n", "{line:?}");
        }
    }
}

#[test]
fn a_killed_clang_gives_the_shells_status() {
    let made = Installation::new("kill -9 $$");
    assert_eq!(made.cc(&["a.c"]).status.code(), Some(128 + 9));
}

#[test]
fn the_sysroot_lies_beside_the_real_program_however_it_is_called() {
    let made = Installation::new("");
    let expected = OsString::from(format!(
        "--sysroot={}",
        made.path("sysroot")
            .canonicalize()
            .expect("it exists")
            .display()
    ));
    std::fs::create_dir(made.path("elsewhere")).expect("a folder");
    symlink(made.path("bin/wali-cc"), made.path("elsewhere/cc")).expect("a link");
    symlink("../elsewhere/cc", made.path("bin/wali-gcc")).expect("a link");
    for program in ["bin/wali-cc", "elsewhere/cc", "bin/wali-gcc"] {
        let output = made.run(&made.path(program), &["-c", "a.c"]);
        assert!(output.status.success(), "{program}: {}", stderr(&output));
        assert!(
            made.recorded().contains(&expected),
            "{program}: {:?}",
            made.recorded()
        );
    }
}

#[test]
fn bytes_arrive_as_they_were_given() {
    let made = Installation::new("");
    let odd = [
        OsString::from_vec(b"-DX=\xff\xfe".to_vec()),
        "-DY=a b\n'\"\\".into(),
        OsString::from_vec(b"\x80.c".to_vec()),
    ];
    let output = made.cc(&[&["-c".into()], odd.as_slice()].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(made.recorded().ends_with(&odd), "{:?}", made.recorded());
}

#[test]
fn response_files_are_rewritten_into_one_of_ours_and_removed() {
    // What a file says is subject to the same rows as the command line.
    let made = Installation::new("");
    std::fs::write(made.path("short"), "-fPIC '-DA=b c'\n-c a.c").expect("writable");
    assert!(made.cc(&["@short"]).status.success());
    let args = made.recorded();
    assert!(
        args.ends_with(&["-DA=b c", "-c", "a.c"].map(OsString::from)),
        "{args:?}"
    );
    assert!(!args.iter().any(|arg| arg == "-fPIC"), "{args:?}");

    let many: Vec<String> = (0..20_000)
        .map(|n| format!("-DMACRO_{n}=\"a {n}\""))
        .collect();
    std::fs::write(made.path("long"), format!("-c a.c {}", many.join("\n"))).expect("writable");
    made.program("clang", "cp \"${1#@}\" seen");
    assert!(made.cc(&["@long"]).status.success());
    let [at] = made.recorded().try_into().expect("one argument");
    let file = at.to_string_lossy().trim_start_matches('@').to_owned();
    assert!(!Path::new(&file).exists(), "{file} is left behind");
    let seen = std::fs::read(made.path("seen")).expect("clang saw the file");
    let seen = wali_cc::response::split(&seen);
    assert_eq!(seen.last(), Some(&OsString::from("-DMACRO_19999=a 19999")));
}

#[test]
fn binary_tools_get_their_arguments_untouched() {
    let made = Installation::new("");
    made.program("llvm-ar", "exit 5");
    symlink("wali-cc", made.path("bin/wali-ar")).expect("a link");
    let args = ["rcs", "-shared", "@nothing", "a b"];
    let output = made.run(&made.path("bin/wali-ar"), &args);
    assert_eq!(output.status.code(), Some(5));
    assert_eq!(made.recorded(), args.map(OsString::from));
}

#[test]
fn a_missing_part_is_named_with_the_command_that_cures_it() {
    let made = Installation::new("");
    std::fs::remove_dir_all(made.path("sysroot")).expect("removable");
    let output = made.cc(&["-c", "a.c"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(
        text.contains("no sysroot at") && text.contains("cargo xtask sysroot"),
        "{text}"
    );
    assert!(
        made.cc(&["--version"]).status.success(),
        "a question needs no sysroot"
    );

    std::fs::remove_file(made.path("llvm/bin/clang")).expect("removable");
    let output = Command::new(made.path("bin/wali-cc"))
        .args(["-c", "a.c"])
        .env_remove("WALI_LLVM")
        .env("PATH", "")
        .output()
        .expect("it starts");
    let text = stderr(&output);
    assert!(
        text.contains("LLVM 22 or newer is missing") && text.contains("cargo xtask llvm"),
        "{text}"
    );
}

#[test]
fn wali_llvm_is_never_replaced_by_another() {
    let made = Installation::new("");
    let output = Command::new(made.path("bin/wali-cc"))
        .arg("--version")
        .env("WALI_LLVM", "/no/such")
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("WALI_LLVM=/no/such"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_refused_module_is_removed_and_the_link_fails() {
    let made = Installation::new("printf '\\0asm\\1\\0\\0\\0' > out.wasm");
    let output = made.cc(&["a.c", "-o", "out.wasm"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("it has no memory"),
        "{}",
        stderr(&output)
    );
    assert!(!made.path("out.wasm").exists());
}

#[test]
fn explain_prints_every_change_and_the_command() {
    let made = Installation::new("");
    let output = made.cc(&["--wali-explain", "-fPIC", "-flto=4", "-c", "a.c"]);
    assert!(output.status.success());
    let text = stderr(&output);
    for part in [
        "- -fPIC\n",
        "~ -flto=4 => -flto\n",
        "+ -matomics\n",
        "runs ",
        "bin/clang ",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
}
