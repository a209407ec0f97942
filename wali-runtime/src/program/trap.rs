//! How a guest that cannot go on ends: by the signal that native code would have died from.

use std::fmt::Write as _;
use std::io::Write as _;

use wali_text::shown;
use wasmtime::{ThrownException, Trap, WasmBacktrace};

use super::Ended;
use crate::kernel::process;
use crate::kernel::stderr::Unlocked;
use crate::signals::faults;

/// The most frames that are printed.
const MOST_FRAMES: usize = 40;

/// Whether an error is the guest's end rather than a failure to start it.
pub(crate) fn is_guest_end(error: &wasmtime::Error) -> bool {
    error.is::<Trap>() || error.is::<ThrownException>() || error.is::<Ended>()
}

/// Ends the process as the error demands, after a message with the guest's backtrace.
pub(crate) fn end(error: &wasmtime::Error) -> ! {
    if let Some(Ended::Thread(status)) = error.downcast_ref::<Ended>() {
        process::exit_now(*status);
    }
    let (what, signal) = cause(error);
    let mut message = format!("wali-engine: {what}\n");
    add_backtrace(&mut message, error);
    // Nobody is left to tell when stderr is gone.
    let _ = Unlocked.write_all(message.as_bytes());
    match signal {
        Some(signal) => process::die_of(signal),
        None => process::exit_now(ENGINE_FAILED),
    }
}

/// The exit status for a fault of the engine, as sysexits(3) names an internal error.
const ENGINE_FAILED: i32 = 70;

/// What happened, in words, and the signal to die from.
fn cause(error: &wasmtime::Error) -> (String, Option<i32>) {
    if let Some(trap) = error.downcast_ref::<Trap>() {
        let signal = faults::signal_of(*trap, faults::last_signal());
        let what = words(*trap, signal);
        return (format!("{what} ({})", signal_name(signal)), Some(signal));
    }
    if error.is::<ThrownException>()
        && let Some(signal) = faults::last_jump()
    {
        let what = "siglongjmp out of the handler of a fault found no place to go on: \
                    it reaches the callers of the function that faulted, and that function itself \
                    at accesses that wali-cc has put a probe before (docs/signals.md)";
        return (format!("{what} ({})", signal_name(signal)), Some(signal));
    }
    if error.is::<ThrownException>() {
        let what = "an exception was not caught (SIGABRT)".to_owned();
        return (what, Some(libc::SIGABRT));
    }
    match error.downcast_ref::<Ended>() {
        Some(Ended::Longjmp) => {
            let what = "the program called longjmp, which this module imports; \
                        build it with wali-cc, whose setjmp is part of the module (SIGABRT)";
            (what.to_owned(), Some(libc::SIGABRT))
        }
        _ => (format!("internal error: {error:#}"), None),
    }
}

/// What `trap` is, when native code would die from `signal` in the same case.
fn words(trap: Trap, signal: i32) -> &'static str {
    match trap {
        Trap::StackOverflow => "the call stack is exhausted",
        Trap::MemoryOutOfBounds if signal == libc::SIGBUS => {
            "access behind the end of a mapped file"
        }
        Trap::MemoryOutOfBounds => "invalid memory access",
        Trap::HeapMisaligned => "misaligned atomic access",
        Trap::TableOutOfBounds | Trap::IndirectCallToNull | Trap::NullReference => {
            "call of an invalid function pointer"
        }
        Trap::BadSignature => "call of a function through a pointer of another type",
        Trap::IntegerOverflow => "integer overflow in a division or conversion",
        Trap::IntegerDivisionByZero => "integer division by zero",
        Trap::BadConversionToInteger => "conversion of NaN to an integer",
        Trap::UnreachableCodeReached => "unreachable code was reached",
        Trap::AllocationTooLarge => "out of memory for an exception",
        _ => "the program did something that WebAssembly forbids",
    }
}

fn signal_name(signal: i32) -> &'static str {
    match signal {
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGABRT => "SIGABRT",
        _ => "SIGILL",
    }
}

fn add_backtrace(message: &mut String, error: &wasmtime::Error) {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else {
        return;
    };
    let frames = backtrace.frames();
    for (number, frame) in frames.iter().take(MOST_FRAMES).enumerate() {
        let name = frame
            .func_name()
            .map_or_else(|| format!("function {}", frame.func_index()), demangle);
        let offset = frame.func_offset().unwrap_or(0);
        // Writing to a string cannot fail.
        let _ = writeln!(message, "  {number:>3}: {}+{offset:#x}", shown(&name));
    }
    if frames.len() > MOST_FRAMES {
        let _ = writeln!(message, "       and {} more", frames.len() - MOST_FRAMES);
    }
}

/// A function's name as its source has it.
fn demangle(name: &str) -> String {
    if let Ok(rust) = rustc_demangle::try_demangle(name) {
        return format!("{rust:#}");
    }
    // Without the prefix even `f` would be read as a mangled type.
    let mangled = name.starts_with("_Z");
    let cpp = mangled
        .then(|| cpp_demangle::Symbol::new(name).ok())
        .flatten();
    let readable = cpp.and_then(|symbol| symbol.demangle().ok());
    readable.unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::demangle;

    #[test]
    fn names_are_shown_as_in_the_source() {
        assert_eq!(demangle("main"), "main");
        assert_eq!(demangle("f"), "f");
        assert_eq!(demangle("_ZN3foo3barEi"), "foo::bar(int)");
        assert_eq!(
            demangle("_ZN4core3fmt5write17h0123456789abcdefE"),
            "core::fmt::write"
        );
    }
}
