//! What the engine says to files it cannot run.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::workplace::{Ended, Workplace};

#[test]
fn every_file_that_is_no_module_is_refused_with_its_reason() {
    let place = Workplace::new();
    let module = fs::read(place.fixture("hello")).expect("just written");
    struct Case {
        name: &'static str,
        contents: Vec<u8>,
        says: &'static str,
    }
    let case = |name, contents: &[u8], says| Case {
        name,
        contents: contents.to_vec(),
        says,
    };
    let cases = [
        case("empty", b"", "the file is empty"),
        case("text", b"hello, world\n", "does not start with"),
        case("header", &module[..6], "ends within the header"),
        case("cut", &module[..module.len() - 7], "not a valid module"),
        case("version", b"\0asm\x07\0\0\0", "version is not 1"),
        case("component", b"\0asm\x0d\0\x01\0", "component"),
        case("wat", b"(module)", "text format"),
        case("script", b"#!/bin/sh\n", "script"),
        case("native", b"\x7fELF\x02\x01\x01", "native program"),
    ];
    for Case {
        name,
        contents,
        says,
    } in cases
    {
        let path = place.file(name, &contents);
        let ended = Ended::of(place.engine().arg("run").arg(&path));
        ended.fails_with(
            126,
            &["wali-engine: error: ", says, path.to_str().unwrap_or("?")],
        );
    }
}

#[test]
fn a_module_damaged_anywhere_never_crashes_the_engine() {
    let place = Workplace::new();
    let module = fs::read(place.fixture("traps")).expect("just written");
    for at in (8..module.len()).step_by(7) {
        let mut damaged = module.clone();
        damaged[at] ^= 0x55;
        let path = place.file("damaged.wasm", &damaged);
        let ended = Ended::of(place.engine().arg("inspect").arg(&path));
        let status = ended.status;
        assert!(matches!(status, Some(0 | 1 | 126)), "byte {at}: {ended:?}");
        assert!(!ended.stderr.contains("panicked"), "byte {at}: {ended:?}");
    }
}

#[test]
fn a_missing_file_is_127_and_an_unreadable_one_126() {
    let place = Workplace::new();
    let run = |path: std::path::PathBuf| Ended::of(place.engine().arg("run").arg(path));
    run(place.path("nowhere.wasm")).fails_with(127, &["nowhere.wasm", "No such file"]);
    let dir = place.path("dir.wasm");
    fs::create_dir(&dir).expect("a folder");
    run(dir).fails_with(126, &["dir.wasm", "is a directory"]);
    let closed = place.fixture("hello");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("own file");
    if fs::read(&closed).is_err() {
        run(closed).fails_with(126, &["hello.wasm", "ermission denied"]);
    }
}

#[test]
fn all_missing_imports_are_named_at_once_with_their_neighbours() {
    let place = Workplace::new();
    let all = [
        "wali::SYS_openat3  no import of the WALI interface; nearest name: SYS_openat",
        "wali::SYS_read  has the type (i64) -> i64, expected (i32, i32, i32) -> i64",
        "env::dlopen  no import of the WALI interface",
        "wali::counter",
    ];
    place.run(&[], "unknown-imports", &[]).fails_with(126, &all);
    let module = place.fixture("unknown-imports");
    let ended = Ended::of(place.engine().arg("inspect").arg(module));
    let text = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert_eq!(ended.status, Some(1));
    assert!(all.iter().all(|line| text.contains(line)), "{text}");
}

#[test]
fn a_module_without_memory_or_start_is_refused() {
    let place = Workplace::new();
    place
        .run(&[], "no-memory", &[])
        .fails_with(126, &["it has no memory"]);
    place
        .run(&[], "no-start", &[])
        .fails_with(126, &["exports no function _start"]);
}

#[test]
fn a_wrong_command_line_is_2() {
    let place = Workplace::new();
    Ended::of(&mut place.engine()).fails_with(2, &["Usage"]);
    Ended::of(place.engine().args(["run", "--nonsense", "x"])).fails_with(2, &["--nonsense"]);
    place
        .run(&["--env", "novalue"], "hello", &[])
        .fails_with(2, &["NAME=VALUE"]);
    place
        .run(&["--env-file", "/nowhere"], "hello", &[])
        .fails_with(2, &["reading /nowhere"]);
}

#[test]
fn inspect_shows_what_a_module_is_made_of() {
    let place = Workplace::new();
    let ended = Ended::of(place.engine().arg("inspect").arg(place.fixture("hello")));
    let text = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert_eq!(ended.status, Some(0), "{ended:?}");
    for line in [
        "memory: 64 KiB, at most 1024 KiB, shared",
        "features: bulk-memory",
        "  wali::SYS_write (i32, i32, i32) -> i64",
        "  _start function",
        "missing: nothing",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "no {line:?} in {text}"
        );
    }
}

#[test]
fn names_in_a_module_do_not_reach_the_terminal_as_they_are() {
    let place = Workplace::new();
    let named = |import: &str, function: &str, body: &str| {
        wat::parse_str(format!(
            "(module (import \"wali\" \"{import}\" (func (param i32) (result i64)))
             (memory (export \"memory\") 1)
             (func ${function} {body}) (export \"a\\1b[2J\\u{{202e}}b\" (func 1))
             (export \"_start\" (func 1)))"
        ))
        .expect("a valid module")
    };
    let clean = |text: &str| {
        let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!text.contains(bad), "{text:?}");
        assert!(text.contains(r"\u{1b}[2J"), "{text:?}");
    };
    let unknown = named("SYS_\\1b[2J\\0dx", "f", "");
    let path = place.file("name\x1b[2J.wasm", &unknown);
    let ended = Ended::of(place.engine().arg("run").arg(&path));
    clean(&ended.stderr);
    assert_eq!(ended.stderr.lines().count(), 2, "{}", ended.stderr);
    let ended = Ended::of(place.engine().arg("inspect").arg(&path));
    clean(&String::from_utf8_lossy(&ended.stdout));
    let trapping = named("SYS_exit", "\"\\1b[2J\\0dmain\"", "unreachable");
    let path = place.file("traps.wasm", &trapping);
    let ended = Ended::of(place.engine().arg("run").arg(&path));
    assert_eq!(ended.signal, Some(libc::SIGILL), "{ended:?}");
    clean(&ended.stderr);
    let damaged = place.file("\x1b[2J", b"\0asm\x01\0\0\0\x01");
    clean(&Ended::of(place.engine().arg("inspect").arg(damaged)).stderr);
}
