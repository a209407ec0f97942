//! `wali-engine compile`, and running what it makes: when it is sound and nobody else's.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::workplace::{Ended, Workplace};

/// Compiles the fixture `hello` with these options into `name`.
fn compiled(place: &Workplace, options: &[&str], name: &str) -> PathBuf {
    let output = place.path(name);
    let mut command = place.engine();
    command.arg("compile").args(options).arg("-o").arg(&output);
    let ended = Ended::of(command.arg(place.fixture("hello")));
    assert_eq!(
        (ended.status, &ended.stderr[..]),
        (Some(0), ""),
        "{options:?}"
    );
    output
}

fn run(place: &Workplace, options: &[&str], program: &Path) -> Ended {
    Ended::of(place.engine().arg("run").args(options).arg(program))
}

#[track_caller]
fn is_refused(place: &Workplace, program: &Path, why: &str) {
    run(place, &[], program).fails_with(126, &[&program.display().to_string(), why]);
}

#[test]
fn compiled_programs_run_without_a_cache() {
    let place = Workplace::new();
    let targets: &[&[&str]] = &[
        &[],
        &["-O0"],
        &["-Os"],
        &["--target=interpreter"],
        #[cfg(target_arch = "x86_64")]
        &["--target=x86-64"],
        #[cfg(target_arch = "x86_64")]
        &["--target=x86-64-v2", "-O2"],
    ];
    for options in targets {
        let program = compiled(&place, options, "prog");
        let ended = run(&place, &[], &program);
        assert_eq!(
            (ended.status, &ended.stdout[..]),
            (Some(3), &b"hello\n"[..]),
            "{options:?}"
        );
    }
    assert_eq!(
        fs::read_dir(place.path("cache/wali/code")).map_or(0, Iterator::count),
        0
    );
}

#[test]
fn the_output_is_beside_the_module_and_nobody_else_can_write_it() {
    let place = Workplace::new();
    let module = place.fixture("hello");
    let mut command = std::process::Command::new("/bin/sh");
    command
        .args(["-c", "umask 0; exec \"$@\"", "sh"])
        .arg(crate::workplace::engine_path())
        .arg("compile")
        .arg(&module);
    assert_eq!(Ended::of(&mut command).status, Some(0));
    let program = place.path("hello.cwasm");
    let mode = fs::metadata(&program)
        .expect("the output")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o644);
    assert_eq!(run(&place, &[], &program).status, Some(3));
    // Its name does not matter.
    let renamed = place.path("hello");
    fs::rename(&program, &renamed).expect("own folder");
    assert_eq!(run(&place, &[], &renamed).status, Some(3));
}

#[test]
fn what_cannot_be_compiled_leaves_nothing() {
    let place = Workplace::new();
    let module = place.fixture("unknown-imports");
    let ended = Ended::of(place.engine().arg("compile").arg(&module));
    ended.fails_with(126, &["unknown-imports.wasm cannot be run by this engine"]);
    let ended = Ended::of(
        place
            .engine()
            .arg("compile")
            .arg(place.path("missing.wasm")),
    );
    ended.fails_with(127, &["missing.wasm"]);
    let module = place.fixture("hello");
    let ended = Ended::of(
        place
            .engine()
            .args(["compile", "--target=z80"])
            .arg(&module),
    );
    ended.fails_with(2, &["z80", "choose host, interpreter"]);
    let nowhere = place.path("missing/prog");
    let ended = Ended::of(
        place
            .engine()
            .args(["compile", "-o"])
            .arg(&nowhere)
            .arg(&module),
    );
    ended.fails_with(126, &["writing", "missing/prog"]);
    let left: Vec<String> = fs::read_dir(place.path(""))
        .expect("the folder")
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with(".wasm"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn programs_that_others_could_have_changed_are_refused() {
    let place = Workplace::new();
    let program = compiled(&place, &[], "prog");
    for mode in [0o664, 0o646] {
        fs::set_permissions(&program, fs::Permissions::from_mode(mode)).expect("own file");
        is_refused(&place, &program, "can be written by others");
    }
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("own file");
    assert_eq!(run(&place, &[], &program).status, Some(3));
    let folder = place.path("folder");
    fs::create_dir(&folder).expect("own folder");
    let moved = folder.join("prog");
    fs::rename(&program, &moved).expect("own folder");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).expect("own folder");
    is_refused(&place, &moved, "folder");
    // A link does not make it better.
    let link = place.path("link");
    std::os::unix::fs::symlink(&moved, &link).expect("own folder");
    is_refused(&place, &link, "folder");
}

#[test]
fn damaged_programs_are_refused() {
    let place = Workplace::new();
    let program = compiled(&place, &[], "prog");
    let sound = fs::read(&program).expect("the program");
    for at in (64..sound.len()).step_by(997).chain([sound.len() - 20]) {
        let mut damaged = sound.clone();
        damaged[at] ^= 0x10;
        fs::write(&program, damaged).expect("own file");
        is_refused(&place, &program, "damaged");
    }
    fs::write(&program, &sound[..sound.len() - 1000]).expect("own file");
    is_refused(
        &place,
        &program,
        "not a program that wali-engine has compiled",
    );
    fs::write(&program, [&sound[..], b"more"].concat()).expect("own file");
    is_refused(
        &place,
        &program,
        "not a program that wali-engine has compiled",
    );
    fs::write(&program, &sound).expect("own file");
    assert_eq!(run(&place, &[], &program).status, Some(3));
}

/// Where a label has what, and how long it is; as in `wali-artifact/src/label.rs`.
const LABEL: usize = 192;
const VERSION: usize = 8;
const REVISION: usize = 24;
const CODE_CHECKSUM: usize = 80;
const LABEL_CHECKSUM: usize = 176;

/// Makes the checksums of a changed program right again.
fn seal(program: &mut [u8]) {
    let label = program.len() - LABEL;
    let code = blake3::hash(&program[..label]);
    program[label + CODE_CHECKSUM..][..32].copy_from_slice(code.as_bytes());
    let checksum = blake3::hash(&program[label..][..LABEL_CHECKSUM]);
    program[label + LABEL_CHECKSUM..][..8].copy_from_slice(&checksum.as_bytes()[..8]);
}

#[test]
fn programs_of_other_versions_and_processors_are_refused() {
    let place = Workplace::new();
    let program = compiled(&place, &[], "prog");
    let sound = fs::read(&program).expect("the program");
    let label = sound.len() - LABEL;
    let find = |what: &[u8]| {
        let at = sound.windows(what.len()).position(|window| window == what);
        at.unwrap_or_else(|| panic!("no {what:?} in the program"))
    };
    let arch = std::env::consts::ARCH.as_bytes();
    let changes: &[(usize, &[u8], &str)] = &[
        (label + VERSION, b"9.9.9", "compiled by wali-engine 9.9.9"),
        (
            label + REVISION,
            b"another",
            "by another build of wali-engine",
        ),
        (
            find(arch),
            &arch.to_ascii_uppercase(),
            "does not fit this machine",
        ),
        #[cfg(target_arch = "x86_64")]
        (find(b"has_sse3"), b"has_sse9", "does not fit this machine"),
    ];
    for (at, bytes, why) in changes {
        let mut changed = sound.clone();
        changed[*at..][..bytes.len()].copy_from_slice(bytes);
        seal(&mut changed);
        fs::write(&program, &changed).expect("own file");
        is_refused(&place, &program, why);
    }
    let mut same = sound.clone();
    seal(&mut same);
    assert!(same == sound, "the label is laid out differently");
}

#[test]
fn the_interpreter_executes_no_machine_code() {
    let place = Workplace::new();
    let native = compiled(&place, &[], "native");
    run(&place, &["--interp"], &native).fails_with(126, &["--target interpreter"]);
    let interpreted = compiled(&place, &["--target=interpreter"], "interpreted");
    assert_eq!(run(&place, &["--interp"], &interpreted).status, Some(3));
}

#[test]
fn the_module_is_not_overwritten() {
    let place = Workplace::new();
    let module = place.fixture("hello");
    let before = fs::read(&module).expect("the module");
    let mut command = place.engine();
    command.arg("compile").arg("-o").arg(&module).arg(&module);
    Ended::of(&mut command).fails_with(126, &["the module itself"]);
    assert_eq!(fs::read(&module).expect("the module"), before);
    let ended = Ended::of(place.engine().args(["compile", "/dev/null"]));
    ended.fails_with(126, &["no regular file", "-o"]);
}
