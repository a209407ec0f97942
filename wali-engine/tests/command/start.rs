//! Starting modules of this and of other toolchains, with arguments and environment.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::workplace::{Ended, Workplace};

#[test]
fn a_module_of_our_own_kind_runs_to_its_exit_status() {
    let ended = Workplace::new().run(&[], "hello", &[]);
    assert_eq!(
        (ended.status, &*ended.stdout),
        (Some(3), &b"hello\n"[..]),
        "{ended:?}"
    );
    assert_eq!(ended.stderr, "");
}

#[test]
fn the_command_run_may_be_left_out() {
    let place = Workplace::new();
    let ended = Ended::of(place.engine().arg(place.fixture("hello")));
    assert_eq!(ended.status, Some(3), "{ended:?}");
}

#[test]
fn a_module_of_an_older_toolchain_runs() {
    let ended = Workplace::new().run(&[], "older-start", &[]);
    assert_eq!(ended.status, Some(5), "{ended:?}");
}

#[test]
fn a_call_may_be_declared_without_its_result() {
    let ended = Workplace::new().run(&[], "exit-without-result", &[]);
    assert_eq!(ended.status, Some(6), "{ended:?}");
}

#[test]
fn a_jump_through_the_import_ends_with_a_message() {
    let ended = Workplace::new().run(&[], "longjmp", &[]);
    assert_eq!(ended.signal, Some(libc::SIGABRT), "{ended:?}");
    assert!(ended.stderr.contains("longjmp"), "{ended:?}");
    assert!(ended.stderr.contains("throw_error"), "{ended:?}");
}

#[test]
fn a_module_that_imports_its_memory_runs() {
    let ended = Workplace::new().run(&[], "imported-memory", &[]);
    assert_eq!(
        (ended.status, &*ended.stdout),
        (Some(0), &b"imported\n"[..]),
        "{ended:?}"
    );
}

#[test]
fn waiting_instructions_answer_as_specified() {
    let ended = Workplace::new().run(&[], "wait-notify", &[]);
    assert_eq!(ended.status, Some(0), "{ended:?}");
}

#[test]
fn arguments_arrive_byte_for_byte() {
    let place = Workplace::new();
    let long = vec![b'x'; 100_000];
    let args: [&[u8]; 8] = [
        b"--",
        b"",
        b"--",
        b"a b",
        b"new\nline",
        b"\xff\xfe",
        b"--help",
        &long,
    ];
    let mut command = place.engine();
    command
        .args(["run", "--argv0", "me"])
        .arg(place.fixture("arguments"));
    command.args(args.map(OsStr::from_bytes));
    let ended = Ended::of(&mut command);
    let expected: Vec<u8> = [&b"me"[..]]
        .into_iter()
        .chain(args)
        .flat_map(|arg| arg.iter().copied().chain([0]))
        .collect();
    assert!(ended.stdout == expected, "{:?}", ended.stderr);
    assert_eq!(ended.status, Some(0), "{:?}", ended.stderr);
}

#[test]
fn the_environment_arrives_byte_for_byte_where_the_module_can_take_it() {
    let place = Workplace::new();
    let module = place.fixture("environment");
    let env_file = place.file("env", b"F=from a file\nG=\n");
    let mut command = place.engine();
    command
        .args(["run", "--clean-env", "--env-file"])
        .arg(env_file);
    command
        .arg("--env")
        .arg(OsStr::from_bytes(b"A=\xff\nB"))
        .args(["--env", "G=1"]);
    command.arg(module);
    let ended = Ended::of(&mut command);
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert_eq!(ended.stdout, b"F=from a file\nG=1\n");
    let ended = Ended::of(command.arg("with NULs"));
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert_eq!(ended.stdout, b"\0WALIENV0\0F=from a file\0G=1\0A=\xff\nB\0");
}

#[test]
fn this_process_environment_is_passed_on_unless_told_otherwise() {
    let place = Workplace::new();
    let module = place.fixture("environment");
    let mut command = place.engine();
    command
        .env_clear()
        .env("XDG_CACHE_HOME", place.path("cache"))
        .env("LONG", "v".repeat(100_000));
    let ended = Ended::of(command.arg(&module));
    let text = String::from_utf8_lossy(&ended.stdout);
    assert!(
        text.contains(&format!("LONG={}\n", "v".repeat(100_000))),
        "{}",
        ended.stderr
    );
    let ended = Ended::of(place.engine().args(["run", "--clean-env"]).arg(module));
    assert_eq!(
        (ended.status, ended.stdout.len()),
        (Some(9), 0),
        "{}",
        ended.stderr
    );
}

#[test]
fn an_export_is_called_after_the_start_routine() {
    let place = Workplace::new();
    let ended = place.run(&["--invoke", "print"], "invoke", &[]);
    assert_eq!(
        (ended.status, &*ended.stdout),
        (Some(0), &b"started\nprinted\n"[..]),
        "{ended:?}"
    );
    place
        .run(&["--invoke", "takes"], "invoke", &[])
        .fails_with(126, &["exports no function takes"]);
    place
        .run(&["--invoke", "nil"], "invoke", &[])
        .fails_with(126, &["exports no function nil"]);
}

#[test]
fn a_limit_on_address_space_is_the_programs_and_not_the_engines() {
    let place = Workplace::new();
    let limited = |how: &str| {
        let mut shell = std::process::Command::new("bash");
        shell.env("XDG_CACHE_HOME", place.path("cache"));
        shell.args(["-c", &format!("ulimit {how} 4000000; exec \"$0\" \"$1\"")]);
        shell.arg(crate::workplace::engine_path());
        Ended::of(shell.arg(place.fixture("hello")))
    };
    assert_eq!(limited("-S -v").status, Some(3));
    limited("-v").fails_with(126, &["ulimit -v"]);
}

#[test]
fn children_from_before_the_start_are_still_the_programs() {
    let place = Workplace::new();
    let module = wat::parse_str(
        "(module
           (import \"wali\" \"SYS_wait4\" (func $wait4 (param i32 i32 i32 i32) (result i64)))
           (import \"wali\" \"__proc_exit\" (func $exit (param i32)))
           (memory (export \"memory\") 1 1 shared)
           (func (export \"_start\")
             (if (i64.lt_s (call $wait4 (i32.const -1) (i32.const 1024) (i32.const 0) (i32.const 0)) (i64.const 0))
               (then (call $exit (i32.const 99))))
             (call $exit (i32.shr_u (i32.load (i32.const 1024)) (i32.const 8)))))",
    );
    let module = place.file("waits.wasm", &module.expect("a valid module"));
    let mut shell = std::process::Command::new("bash");
    // The child ends while the module is compiled, and the shell becomes the engine.
    shell.args(["-c", "(exit 5) & exec \"$0\" run --no-cache \"$1\""]);
    shell.arg(crate::workplace::engine_path()).arg(module);
    let ended = Ended::of(&mut shell);
    assert_eq!(ended.status, Some(5), "{ended:?}");
}

#[test]
fn what_is_no_compiler_is_named_with_its_status() {
    let place = Workplace::new();
    let compiler = |path: &str| {
        let options = ["--no-cache", "--compiler", path];
        place.run(&options, "hello", &[])
    };
    compiler("/bin/false").fails_with(126, &["/bin/false", "without an answer", "exit status: 1"]);
    compiler("nosuchcompiler").fails_with(126, &["nosuchcompiler does not start"]);
    compiler("/bin/true").fails_with(126, &["/bin/true", "without an answer"]);
}
