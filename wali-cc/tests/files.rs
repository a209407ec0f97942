//! Runs the files in `tests/wali-cc`: each holds its commands, and beside it lies what they print.
//!
//! A line `RUN: command` in a file's first comments must succeed, `FAIL: command` must end with
//! status 1. Commands run in the files' folder; `%s` is the file, `%t` a fresh folder, `< file`
//! feeds standard input. What our programs print is compared with `FILE.out`; clang's own messages,
//! which change with its version, are not. `BLESS=1` rewrites the expectations: read the diff.

use std::fs::File;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use wali_cc::{config, response};

#[test]
fn every_file_does_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/wali-cc");
    let sysroot = sysroot();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("tests/wali-cc is there")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ending != "out" && ending != "md")
        })
        .collect();
    files.sort();
    assert!(files.len() > 10, "too few files in {}", folder.display());
    let failures: Vec<String> = files
        .iter()
        .filter_map(|file| run_file(file, &folder, &sysroot).err())
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The sysroot under test, without which nothing links.
fn sysroot() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../build/sysroot");
    let sysroot = std::env::var_os("WALI_SYSROOT").map_or(built, PathBuf::from);
    assert!(
        sysroot.join("include/stdio.h").is_file(),
        "no sysroot at {}: cargo xtask setup makes it, WALI_SYSROOT names another",
        sysroot.display()
    );
    sysroot.canonicalize().expect("a path")
}

fn run_file(file: &Path, folder: &Path, sysroot: &Path) -> Result<(), String> {
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a UTF-8 name");
    let text = std::fs::read_to_string(file).expect("readable");
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let programs = temporary.path().join("programs");
    std::fs::create_dir(&programs).expect("a folder");
    let others = config::DRIVERS.iter().chain(config::TOOLS);
    for program in others.chain(&["cc"]) {
        let link = programs.join(format!("wali-{program}"));
        symlink(env!("CARGO_BIN_EXE_wali-cc"), link).expect("a link");
    }
    let commands: Vec<(&str, bool)> = text
        .lines()
        .filter_map(|line| {
            let line = line.trim_start_matches(['/', '#', ';', ' ', '*']);
            let fails = line.strip_prefix("FAIL: ").map(|command| (command, false));
            line.strip_prefix("RUN: ")
                .map(|command| (command, true))
                .or(fails)
        })
        .collect();
    if commands.is_empty() {
        return Err(format!("{name}: no RUN and no FAIL line"));
    }
    let mut printed = String::new();
    for (command, succeeds) in commands {
        let there = temporary.path().to_str().expect("a UTF-8 path");
        let line = command.replace("%s", name).replace("%t", there);
        let output = run_line(&line, folder, &programs, sysroot);
        let all = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let all = all.concat();
        let wanted = if succeeds { 0 } else { 1 };
        if output.status.code() != Some(wanted) {
            return Err(format!(
                "{name}: {command}\n{}, wanted {wanted}\n{all}",
                output.status
            ));
        }
        let places = all
            .replace(there, "%t")
            .replace(sysroot.to_str().expect("UTF-8"), "%sysroot");
        let ours = |line: &&str| {
            !["clang", "wasm-ld", "/llvm-"]
                .iter()
                .any(|other| line.contains(other))
        };
        let lines = places.lines().filter(ours).map(without_offset);
        printed.extend(lines.map(|line| format!("{line}\n")));
    }
    compare(file, name, &printed)
}

/// Offsets in modules depend on the libc that is linked.
fn without_offset(line: &str) -> &str {
    line.split_once(" at offset 0x")
        .map_or(line, |(text, _)| text)
}

fn run_line(line: &str, folder: &Path, programs: &Path, sysroot: &Path) -> Output {
    let (line, input) = line
        .split_once(" < ")
        .map_or((line, None), |(l, input)| (l, Some(input)));
    let mut words = response::split(line.as_bytes()).into_iter();
    let program = words.next().expect("a program");
    let stdin = match input {
        Some(input) => Stdio::from(File::open(folder.join(input)).expect("an input")),
        None => Stdio::null(),
    };
    Command::new(programs.join(&program))
        .args(words)
        .current_dir(folder)
        .env("WALI_SYSROOT", sysroot)
        .stdin(stdin)
        .output()
        .unwrap_or_else(|e| panic!("starting {}: {e}", program.display()))
}

fn compare(file: &Path, name: &str, printed: &str) -> Result<(), String> {
    let mut expected = file.as_os_str().to_owned();
    expected.push(".out");
    let expected = PathBuf::from(expected);
    if std::env::var_os("BLESS").is_some() {
        if printed.is_empty() {
            let _ = std::fs::remove_file(&expected);
        } else {
            std::fs::write(&expected, printed).expect("writable");
        }
        return Ok(());
    }
    let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
    if wanted == printed {
        return Ok(());
    }
    Err(format!(
        "{name}: printed\n{printed}--- expected\n{wanted}--- BLESS=1 takes the new text"
    ))
}
