//! The gate: every call that enters the kernel for the guest passes it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use wali_abi::{SYSCALLS, Syscall, isa};

use crate::control::handlers::{After, after_call};
use crate::kernel::syscall::Outcome;
use crate::kernel::word::{HostPtr, Word};
use crate::kernel::{self, Errno};
use crate::memory::GuestAddr;
use crate::memory::layout::same;
use crate::program::{Cx, Stop, SysResult, finish, paths};
use crate::{signals, trace};

/// Judges the system calls of a program before they are made.
///
/// It is asked for every call of the guest's that it judges, on each of its threads, in children that it
/// forks, whether the program is compiled or interpreted. No call that somebody judges goes to the kernel
/// on a shorter way.
///
/// # What it does not see
///
/// - What follows a successful `execve`. A native program is not judged at all; a module is run by the
///   [`EngineProgram`](crate::EngineProgram), which has to bring a policy of its own. A policy that is to
///   hold refuses `execve` and `execveat`, or names an engine program with the same policy and refuses
///   native programs by other means.
/// - What an argument points to. Other threads can change it between the question and the call, so only
///   the arguments themselves are shown.
/// - Imports that are no system calls, such as those that start threads, end the program or wait for a
///   word of memory to change.
/// - Descriptors that the program has from the start, and what it does with them by calls that are allowed.
///
/// # What it may do
///
/// It runs on the guest's thread. A descriptor that it opens is the guest's too, a lock that another thread
/// holds at a fork stays locked in the child, and a panic aborts the process. A program does not expect
/// every error: one whose `exit_group` is refused goes on for ever.
///
/// # Examples
///
/// No new sockets, and a standard output that stays open:
///
/// ```
/// use wali_runtime::{Errno, Policy, Syscall, Verdict};
///
/// struct Quiet;
///
/// impl Policy for Quiet {
///     fn judges(&self, call: &'static Syscall) -> bool {
///         matches!(call.name, "socket" | "socketpair" | "close")
///     }
///
///     fn judge(&self, call: &'static Syscall, args: &[i64]) -> Verdict {
///         match (call.name, args) {
///             ("close", &[1]) => Verdict::Refuse(Errno::EPERM),
///             ("close", _) => Verdict::Allow,
///             _ => Verdict::Refuse(Errno::EACCES),
///         }
///     }
/// }
///
/// let close = wali_runtime::syscall("close").expect("Linux has it");
/// assert_eq!(Quiet.judge(close, &[2]), Verdict::Allow);
/// ```
pub trait Policy: Send + Sync {
    /// Whether it judges `call` at all: by its name, say, or its family. Calls that nobody judges cost
    /// nothing. Asked once a start, and again before each call that it judges; the answer never changes.
    fn judges(&self, call: &'static Syscall) -> bool;

    /// Whether a call may be made with these arguments, as the guest has passed them: numbers extended
    /// to 64 bits, pointers as guest addresses.
    fn judge(&self, call: &'static Syscall, args: &[i64]) -> Verdict;
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// It is made.
    Allow,
    /// It is not made, and fails with this error.
    Refuse(Errno),
}

static POLICY: OnceLock<Box<dyn Policy>> = OnceLock::new();

/// Whether calls are traced or judged.
static IS_WATCHED: AtomicBool = AtomicBool::new(false);

/// Leads the calls of the program that is about to be linked past the trace and `policy`. A process keeps the
/// first policy.
pub(crate) fn watch(policy: Option<Box<dyn Policy>>) {
    IS_WATCHED.store(true, Ordering::Relaxed);
    if let Some(policy) = policy {
        let _ = POLICY.set(policy);
    }
}

/// Whether the trace or the policy has to see the calls of this kind, so that none may go past the gate.
pub(crate) fn is_watched(syscall: &'static Syscall) -> bool {
    trace::wants(syscall) || POLICY.get().is_some_and(|policy| policy.judges(syscall))
}

/// Makes the guest's system call number `index` of the spec's table by `call`, which serves it. `args` are the
/// arguments as the guest passed them.
///
/// # Errors
/// What leaves the guest's frames.
#[inline]
pub(super) fn enter(
    cx: &mut Cx<'_>,
    index: usize,
    args: &[i64],
    call: impl Fn(&mut Cx<'_>) -> SysResult,
) -> Result<i64, wasmtime::Error> {
    if IS_WATCHED.load(Ordering::Relaxed) {
        return watched(cx, index, args, &call);
    }
    serve(cx, call)
}

/// Does the same where calls are traced or judged. The trace shows a refused call as any other.
///
/// One function for all calls: a copy for each would make the runtime a third larger.
#[cold]
fn watched(
    cx: &mut Cx<'_>,
    index: usize,
    args: &[i64],
    call: &dyn Fn(&mut Cx<'_>) -> SysResult,
) -> Result<i64, wasmtime::Error> {
    let syscall = &SYSCALLS[index];
    let verdict = verdict(syscall, args);
    trace::call(cx, syscall, args, |cx| match verdict {
        Verdict::Allow => serve(cx, call),
        // Signals that wait are handled on the way out, as after any other call.
        Verdict::Refuse(errno) => serve(cx, |_| Err(errno.into())),
    })
}

fn verdict(syscall: &'static Syscall, args: &[i64]) -> Verdict {
    let Some(policy) = POLICY.get().filter(|policy| policy.judges(syscall)) else {
        return Verdict::Allow;
    };
    let judge = AssertUnwindSafe(|| policy.judge(syscall, args));
    // The panic has been told. Nothing of the guest's may go on without a verdict, on any thread.
    catch_unwind(judge).unwrap_or_else(|_| std::process::abort())
}

/// The result of a call that is not served.
pub(super) fn refused(errno: i64) -> SysResult {
    Ok(Errno::check(-errno)?)
}

/// Makes a call, and runs the handlers of signals that come before it is over.
///
/// The guest's signal handlers run before a call that must wait for them and after one that has a result. A call
/// that was made directly comes here with its result if a signal has come meanwhile. So `call` may start more than
/// once, or not at all: what it does before its one call of [`kernel()`] must have no lasting effect.
///
/// # Errors
/// What leaves the guest's frames.
#[inline]
pub(crate) fn serve(
    cx: &mut Cx<'_>,
    call: impl Fn(&mut Cx<'_>) -> SysResult,
) -> Result<i64, wasmtime::Error> {
    let mut made = signals::take_made();
    loop {
        let result = match made.take() {
            None => call(cx),
            Some(result) => Errno::check(result).map_err(Stop::from),
        };
        if !signals::is_pending() && !matches!(result, Err(Stop::Interrupted)) {
            return finish(result);
        }
        match after_call(cx, result) {
            After::Again => {}
            After::Return(result) => return finish(result),
        }
    }
}

/// Makes the host's system call `number`. Missing arguments are 0.
///
/// # Errors
/// - [`Stop::Interrupted`]: a signal has to be handled first; `serve` then starts anew.
/// - Other errors are the kernel's.
#[inline]
pub(super) fn kernel(_cx: &mut Cx<'_>, number: libc::c_long, words: &[Word<'_>]) -> SysResult {
    let mut values = [0; 6];
    for (value, word) in values.iter_mut().zip(words) {
        *value = word.value();
    }
    match signals::guest_syscall(number, &values) {
        Outcome::Done(result) => Ok(Errno::check(result)?),
        Outcome::Interrupted => Err(Stop::Interrupted),
    }
}

/// The host's number of a call that the host's libc does not name yet.
pub(super) const fn number_of(name: &str) -> libc::c_long {
    let calls = SYSCALLS;
    let mut at = 0;
    while !same(calls[at].name, name) {
        at += 1;
    }
    match calls[at].number(kernel::ISA) {
        Some(number) => number as libc::c_long,
        None => panic!("this instruction set has no such call"),
    }
}

/// The word for the kernel of the flags of an open file.
#[inline]
pub(super) fn open_flags(flags: i32) -> Word<'static> {
    isa::open_flags_to(kernel::ISA, flags.cast_unsigned()).into()
}

/// The word for the kernel of the path at `addr`; `follows` tells whether the call follows a link that it
/// ends with.
#[inline]
pub(super) fn path(cx: &Cx<'_>, addr: i32, follows: bool) -> Word<'static> {
    paths::given(cx.data(), GuestAddr(addr.cast_unsigned()), follows).into()
}

/// The word for the kernel of a pointer as the guest passes it.
#[inline]
pub(super) fn pointer(cx: &Cx<'_>, addr: i32) -> Word<'static> {
    HostPtr::guest(cx.data().memory, GuestAddr(addr.cast_unsigned())).into()
}
