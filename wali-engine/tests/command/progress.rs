//! What is shown on a terminal while a big module is compiled.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::os::fd::FromRawFd;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::workplace::Workplace;

/// The two ends of a new terminal.
fn terminal() -> (File, File) {
    let (mut outer, mut inner) = (-1, -1);
    // SAFETY: both places are valid; the descriptors are owned by nobody else.
    unsafe {
        let made = libc::openpty(
            &mut outer,
            &mut inner,
            std::ptr::null_mut(),
            std::ptr::null(),
            std::ptr::null(),
        );
        assert_eq!(made, 0);
        (File::from_raw_fd(outer), File::from_raw_fd(inner))
    }
}

/// What `command` shows on a terminal that is its stderr, and the seconds it takes.
fn shown(command: &mut Command) -> (String, f64) {
    let (mut outer, inner) = terminal();
    let begin = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(inner)
        .spawn()
        .expect("the engine starts");
    // The command holds the other end.
    command.stderr(Stdio::null());
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    // Reading fails once nobody holds that end any more.
    while let Ok(n @ 1..) = outer.read(&mut buffer) {
        text.extend_from_slice(&buffer[..n]);
    }
    assert!(child.wait().expect("a child").success());
    (
        String::from_utf8_lossy(&text).into_owned(),
        begin.elapsed().as_secs_f64(),
    )
}

/// A module with one function that a compiler is busy with for seconds.
fn big_module() -> Vec<u8> {
    let mut body = String::new();
    for i in 0..120_000 {
        // Writing to a string cannot fail.
        let _ = write!(
            body,
            "(local.set {} (i32.add (i32.mul (local.get {}) (local.get {})) (i32.const {i})))",
            i % 40,
            (i * 7 + 1) % 40,
            (i * 3 + 2) % 40,
        );
    }
    let locals = "i32 ".repeat(40);
    let text = format!(
        "(module (memory (export \"memory\") 1 1 shared)
         (func (export \"f\") (param i32) (result i32) (local {locals}) {body} (local.get 3))
         (func (export \"_start\")))"
    );
    wat::parse_str(text).expect("a valid module")
}

#[test]
fn compiling_for_long_is_shown_on_a_terminal_and_then_removed() {
    let place = Workplace::new();
    let module = place.file("big.wasm", &big_module());
    let (text, seconds) = shown(place.engine().arg("run").arg(&module));
    assert!(seconds > 1.0, "the module is too small: {seconds} s");
    assert!(
        text.starts_with("\r\x1b[Kwali-engine: compiling big.wasm, 1 s"),
        "{text:?}"
    );
    assert!(text.ends_with("\r\x1b[K"), "{text:?}");
    let (text, _) = shown(place.engine().arg("run").arg(&module));
    assert_eq!(text, "");
}
