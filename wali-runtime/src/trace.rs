//! `--strace`: a line for every system call, decoded as the spec describes its arguments.

mod decode;
mod descriptors;
mod filter;
mod names;
mod sets;
mod structures;
mod summary;

use std::fs::File;
use std::io::Write as _;
use std::sync::OnceLock;
use std::time::Instant;

use wali_abi::{Dir, Syscall};

use crate::kernel::stderr::Unlocked;
use crate::kernel::{Errno, descriptor, time};
use crate::program::Cx;
use crate::signals::failing_at_size_limit;

pub use filter::Filter;
use summary::Summary;

/// What is traced, and where the lines go.
#[derive(Debug)]
pub struct Trace {
    /// Which calls.
    pub filter: Filter,
    /// The file for the lines; standard error when there is none.
    pub out: Option<File>,
    /// Counts instead of lines.
    pub summary: bool,
}

struct State {
    trace: Trace,
    summary: Summary,
}

static STATE: OnceLock<State> = OnceLock::new();

/// Starts tracing. A process keeps its first trace.
pub(crate) fn start(mut trace: Trace) {
    trace.out = trace.out.map(descriptor::out_of_the_way);
    let _ = STATE.set(State {
        trace,
        summary: Summary::default(),
    });
    time::count();
}

/// Whether calls are traced.
#[inline]
pub(crate) fn is_on() -> bool {
    STATE.get().is_some()
}

/// Whether calls of this kind are traced.
pub(crate) fn wants(syscall: &'static Syscall) -> bool {
    STATE
        .get()
        .is_some_and(|state| state.trace.filter.wants(syscall))
}

/// Writes the line of the call that is about to replace the program, and the summary, since this program's trace
/// ends here. The kernel has already judged the file.
pub(crate) fn executes() {
    if let Some((state, line)) = STATE.get().zip(summary::take_exec())
        && !state.trace.summary
        && !state.trace.filter.failed_only
    {
        write(state, &format!("{line} = 0\n"));
    }
    finish();
}

/// Writes that a signal is about to be handled.
pub(crate) fn signal(tid: i32, number: i32) {
    if let Some(state) = STATE.get()
        && !state.trace.summary
        && state.trace.filter.wants_signals()
    {
        write(
            state,
            &format!("[{tid}] --- {} ---\n", names::signal(number)),
        );
    }
}

/// Writes the summary, if one was asked for, when the process ends.
pub(crate) fn finish() {
    if let Some(state) = STATE.get()
        && state.trace.summary
    {
        write(state, &state.summary.report());
    }
}

/// Makes a call and writes its line.
///
/// # Errors
/// What leaves the guest's frames.
pub(crate) fn call(
    cx: &mut Cx<'_>,
    syscall: &'static Syscall,
    args: &[i64],
    make: impl FnOnce(&mut Cx<'_>) -> wasmtime::Result<i64>,
) -> wasmtime::Result<i64> {
    let Some(state) = STATE
        .get()
        .filter(|state| state.trace.filter.wants(syscall))
    else {
        return make(cx);
    };
    let memory = cx.data().memory;
    let tid = cx.data().tid;
    // What the kernel reads is written down before the call, which may change it.
    let mut texts: Vec<String> = (syscall.args.iter().zip(args))
        .map(|(arg, value)| decode::argument(memory, syscall, arg, *value, args))
        .collect();
    let every_call = !state.trace.summary && !state.trace.filter.failed_only;
    if every_call && never_returns(syscall) {
        let line = format!("[{tid}] {}({}) = ?\n", syscall.name, texts.join(", "));
        write(state, &line);
    }
    if matches!(syscall.name, "execve" | "execveat") {
        let line = format!("[{tid}] {}({})", syscall.name, texts.join(", "));
        summary::begin_exec(line);
    }
    let start = Instant::now();
    time::begin();
    let result = make(cx);
    let (whole, kernel) = (start.elapsed(), time::taken());
    let seconds = whole.as_secs_f64();
    let value = match &result {
        Ok(value) => *value,
        Err(_) => {
            write(
                state,
                &format!(
                    "[{tid}] {}({}) = ? (left)\n",
                    syscall.name,
                    texts.join(", ")
                ),
            );
            return result;
        }
    };
    let errno = Errno::check(value).err();
    state
        .summary
        .count(cx.data().tid, syscall, errno.is_some(), whole, kernel);
    if state.trace.summary || (state.trace.filter.failed_only && errno.is_none()) {
        return result;
    }
    if errno.is_none() {
        for ((text, arg), raw) in texts.iter_mut().zip(syscall.args).zip(args) {
            match decode::direction(arg) {
                Some(Dir::Out) => *text = decode::output(memory, syscall, arg, *raw, value, args),
                Some(Dir::InOut) => {
                    let after = decode::output(memory, syscall, arg, *raw, value, args);
                    if after != *text {
                        *text = format!("{text} => {after}");
                    }
                }
                _ => {}
            }
        }
    }
    let outcome = match errno {
        None => descriptors::result(syscall.name, value),
        Some(errno) => format!("-1 {errno}"),
    };
    // After a fork this may be the child.
    let tid = cx.data().tid;
    let line = format!(
        "[{tid}] {}({}) = {outcome} <{seconds:.6}>\n",
        syscall.name,
        texts.join(", ")
    );
    write(state, &line);
    result
}

/// Whether the process or the thread ends with the call.
fn never_returns(syscall: &Syscall) -> bool {
    matches!(syscall.name, "exit" | "exit_group")
}

/// Writes a line in one piece, so that those of several threads do not mix.
fn write(state: &State, line: &str) {
    // A trace that cannot be written is no reason to stop the program, by a signal neither.
    let _ = failing_at_size_limit(|| match &state.trace.out {
        Some(file) => (&*file).write_all(line.as_bytes()),
        None => Unlocked.write_all(line.as_bytes()),
    });
}
