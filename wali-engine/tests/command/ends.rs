//! How programs end that cannot go on: by the signal native code would have died from.

use crate::workplace::Workplace;

#[test]
fn a_trap_kills_by_the_native_signal_with_a_backtrace() {
    let place = Workplace::new();
    let cases = [
        ("unreachable", libc::SIGILL, "foo::bar(int)"),
        ("out_of_bounds", libc::SIGSEGV, "invalid memory access"),
        ("far_out_of_bounds", libc::SIGSEGV, "invalid memory access"),
        ("hole", libc::SIGSEGV, "invalid memory access"),
        ("stack", libc::SIGSEGV, "recurse"),
        ("divide", libc::SIGFPE, "division by zero"),
        ("overflow", libc::SIGFPE, "integer overflow"),
        ("null_call", libc::SIGSEGV, "function pointer"),
        ("beyond_call", libc::SIGSEGV, "function pointer"),
        ("uncaught", libc::SIGABRT, "exception was not caught"),
        ("misaligned", libc::SIGBUS, "misaligned"),
    ];
    for (export, signal, says) in cases {
        let ended = place.run(&["--invoke", export], "traps", &[]);
        assert_eq!(ended.signal, Some(signal), "{export}: {ended:?}");
        assert!(ended.stderr.contains(says), "{export}: {ended:?}");
    }
    assert_eq!(
        place.run(&["--invoke", "fine"], "traps", &[]).status,
        Some(0)
    );
}

#[test]
fn no_core_file_is_left() {
    let place = Workplace::new();
    let module = place.fixture("traps");
    let mut shell = std::process::Command::new("sh");
    shell.current_dir(place.path(""));
    shell.env("XDG_CACHE_HOME", place.path("cache"));
    shell.args([
        "-c",
        "ulimit -c unlimited; \"$0\" run --invoke divide \"$1\"; echo $?; ls",
    ]);
    shell.arg(crate::workplace::engine_path()).arg(module);
    let ended = crate::workplace::Ended::of(&mut shell);
    let text = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(text.starts_with("136\n"), "{ended:?}");
    assert!(!text.contains("core"), "{text}");
}
