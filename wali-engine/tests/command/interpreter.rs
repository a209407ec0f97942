//! The interpreter: it does what machine code does, without executable memory.

use std::fmt::Write as _;

use crate::workplace::{Ended, Workplace};

/// Every width of an access: type, suffix of the instruction's name, sign suffix.
const WIDTHS: [(&str, &str, &str); 7] = [
    ("i32", "", ""),
    ("i32", "8", "_u"),
    ("i32", "16", "_u"),
    ("i64", "", ""),
    ("i64", "8", "_u"),
    ("i64", "16", "_u"),
    ("i64", "32", "_u"),
];

/// A module that carries out every atomic instruction on the same eight bytes and writes each
/// result and what is then there.
fn every_atomic() -> String {
    let mut body = String::new();
    let mut out = 8192;
    let mut step = |ty: &str, code: String, has_result: bool| {
        // Writing to a string cannot fail.
        let _ = writeln!(
            body,
            "(i64.store (i32.const 4096) (i64.const 0x8182838485868788))"
        );
        let _ = if has_result {
            writeln!(body, "({ty}.store (i32.const {out}) {code})")
        } else {
            writeln!(body, "{code}")
        };
        let _ = writeln!(
            body,
            "(i64.store (i32.const {}) (i64.load (i32.const 4096)))",
            out + 8
        );
        out += 16;
    };
    let at = "offset=96 (i32.const 4000)";
    for (ty, width, sign) in WIDTHS {
        let operand = format!("({ty}.const 0x7fabcdef)");
        step(ty, format!("({ty}.atomic.load{width}{sign} {at})"), true);
        step(
            ty,
            format!("({ty}.atomic.store{width} {at} {operand})"),
            false,
        );
        for change in ["add", "sub", "and", "or", "xor", "xchg"] {
            let name = format!("{ty}.atomic.rmw{width}.{change}{sign}");
            step(ty, format!("({name} {at} {operand})"), true);
        }
        let name = format!("{ty}.atomic.rmw{width}.cmpxchg{sign}");
        for expected in ["0x88", "0x8788", "0x85868788", "0x7f0088", "0x1"] {
            let expected = format!("({ty}.const {expected})");
            step(ty, format!("({name} {at} {expected} {operand})"), true);
        }
        let same = format!("({ty}.load (i32.const 4096))");
        step(ty, format!("({name} {at} {same} {operand})"), true);
    }
    let len = out - 8192;
    format!(
        "(module (import \"wali\" \"SYS_write\" (func $write (param i32 i32 i32) (result i64)))
         (memory (export \"memory\") 1 1 shared)
         (func $all (param i64) (local f64) (atomic.fence) {body})
         (func (export \"_start\") (call $all (i64.const 1))
           (drop (call $write (i32.const 1) (i32.const 8192) (i32.const {len})))))"
    )
}

#[test]
fn lowered_atomics_do_what_atomics_do() {
    let place = Workplace::new();
    let module = wat::parse_str(every_atomic()).expect("a valid module");
    let path = place.file("atomics.wasm", &module);
    let compiled = Ended::of(place.engine().arg("run").arg(&path));
    let interpreted = Ended::of(place.engine().args(["run", "--interp"]).arg(&path));
    assert_eq!(compiled.stdout.len(), 7 * 14 * 16, "{}", compiled.stderr);
    let steps = compiled
        .stdout
        .chunks(16)
        .zip(interpreted.stdout.chunks(16));
    for (number, (compiled, interpreted)) in steps.enumerate() {
        assert_eq!(compiled, interpreted, "step {number}");
    }
    assert_eq!(
        interpreted.stdout.len(),
        compiled.stdout.len(),
        "{}",
        interpreted.stderr
    );
}

#[test]
fn interpreted_programs_start_and_end_like_compiled_ones() {
    let place = Workplace::new();
    for (fixture, status) in [("hello", 3), ("older-start", 5), ("wait-notify", 0)] {
        let ended = place.run(&["--interp"], fixture, &[]);
        assert_eq!(ended.status, Some(status), "{fixture}: {ended:?}");
    }
    let traps = [
        ("unreachable", libc::SIGILL),
        ("hole", libc::SIGSEGV),
        ("stack", libc::SIGSEGV),
        ("divide", libc::SIGFPE),
        ("uncaught", libc::SIGABRT),
    ];
    for (export, signal) in traps {
        let ended = place.run(&["--interp", "--invoke", export], "traps", &[]);
        assert_eq!(ended.signal, Some(signal), "{export}: {ended:?}");
    }
}

#[test]
fn an_interpreted_program_has_no_executable_memory_of_its_own() {
    let place = Workplace::new();
    let executable = |options: &[&str]| {
        let ended = place.run(options, "maps", &[]);
        let text = String::from_utf8_lossy(&ended.stdout).into_owned();
        assert!(text.contains("[stack]"), "{ended:?}");
        let engine = crate::workplace::engine_path();
        let engine = engine.to_str().expect("a path in Unicode");
        let ours = |line: &&str| line.contains(" r-x") || line.contains("wx");
        let known =
            |line: &&str| line.contains(engine) || line.contains(".so") || line.contains("[v");
        text.lines()
            .filter(ours)
            .filter(|line| !known(line))
            .count()
    };
    assert_eq!(executable(&["--interp"]), 0);
    assert_eq!(executable(&["--interp", "--no-cache"]), 0);
    assert_ne!(executable(&[]), 0);
}

/// Has the kernel kill the command as soon as it asks for executable memory.
#[cfg(target_arch = "x86_64")]
fn forbid_executable_memory(command: &mut std::process::Command) {
    use std::os::unix::process::CommandExt;

    const LOAD_WORD: u16 = 0x20;
    const JUMP_IF_EQUAL: u16 = 0x15;
    const JUMP_IF_ANY_BIT: u16 = 0x45;
    const RETURN: u16 = 0x06;
    const NUMBER_AT: u32 = 0;
    const THIRD_ARGUMENT_AT: u32 = 32;
    let step = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    let filter = [
        step(LOAD_WORD, 0, 0, NUMBER_AT),
        step(JUMP_IF_EQUAL, 2, 0, libc::SYS_mmap as u32),
        step(JUMP_IF_EQUAL, 1, 0, libc::SYS_mprotect as u32),
        step(JUMP_IF_EQUAL, 0, 3, libc::SYS_pkey_mprotect as u32),
        step(LOAD_WORD, 0, 0, THIRD_ARGUMENT_AT),
        step(JUMP_IF_ANY_BIT, 0, 1, libc::PROT_EXEC as u32),
        step(RETURN, 0, 0, libc::SECCOMP_RET_KILL_PROCESS),
        step(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let install = move || {
        let program = libc::sock_fprog {
            len: filter.len() as u16,
            filter: filter.as_ptr().cast_mut(),
        };
        // SAFETY: the program is valid for the call, which copies it.
        let failed = unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                || libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &program) != 0
        };
        if failed {
            return Err(std::io::Error::last_os_error());
        }
        Ok(())
    };
    // SAFETY: two plain calls, which allocate nothing.
    unsafe { command.pre_exec(install) };
}

#[test]
#[cfg(target_arch = "x86_64")]
fn the_interpreter_never_asks_for_executable_memory() {
    let place = Workplace::new();
    let module = place.fixture("hello");
    let ended = |options: &[&str]| {
        let mut command = place.engine();
        command.arg("run").args(options).arg(&module);
        forbid_executable_memory(&mut command);
        Ended::of(&mut command)
    };
    // When it compiles, when it finds the outcome, and when it keeps none.
    for options in [
        &["--interp"][..],
        &["--interp"],
        &["--interp", "--no-cache"],
    ] {
        let ended = ended(options);
        assert_eq!(ended.status, Some(3), "{options:?}: {ended:?}");
        assert_eq!(ended.stdout, b"hello\n");
    }
    // The filter does what it is for.
    assert_eq!(ended(&[]).signal, Some(libc::SIGSYS));
}
