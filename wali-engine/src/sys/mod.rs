//! The system calls.
//!
//! A call served by hand is a function of the kernel's name in a file of its family:
//!
//! ```text
//! pub(super) fn NAME(cx: &mut Cx<'_>, args…) -> SysResult
//! ```
//!
//! Each argument has whatever type [`FromWasm`](crate::guest::FromWasm) makes of its Wasm type: a
//! number, a [`GuestAddr`](crate::guest::GuestAddr), a [`GuestPtr`](crate::guest::GuestPtr). The
//! table of all calls is written by `build.rs`, which finds the function by its name.

mod aio;
mod clock;
mod control;
mod fanotify;
mod fcntl;
mod foreign;
mod futex;
mod ioctl;
mod kcmp;
mod keyctl;
mod limits;
mod message;
mod mlock;
mod mmap;
mod mounts;
mod mqueue;
mod mseal;
mod numa;
mod older;
mod open;
pub(crate) mod own_file;
mod perf;
mod personality;
mod poll;
mod prctl;
mod process;
mod seccomp;
mod select;
mod sem;
mod send_signal;
mod shared_open;
mod shm;
mod signal;
mod sockopt;
mod sysfs;
mod table;
mod thread;
mod timer;
mod uio;
mod xattr;

use wali_abi::{SYSCALLS, isa};

use crate::guest::layout::same;
use crate::guest::{Cx, GuestAddr};
use crate::host::signals;
use crate::host::syscall::Outcome;
use crate::host::word::{HostPtr, Word};
use crate::imports::Define;
use crate::signal::{After, after_call};
use crate::strace;
use crate::{Errno, Stop, SysResult, finish, host};

/// What serves `wali.SYS_<name>`, given the whole import name.
pub(crate) fn find(import: &str) -> Option<Define> {
    let table = table::SYSCALLS;
    let at = table.binary_search_by_key(&import, |(name, _)| name).ok()?;
    Some(table[at].1)
}

/// Every system call of the guest comes through here, with what serves it: number `index` of the
/// spec's table, with the arguments as the guest passed them.
///
/// # Errors
/// What leaves the guest's frames.
#[inline]
fn answer(
    cx: &mut Cx<'_>,
    index: usize,
    args: &[i64],
    call: impl Fn(&mut Cx<'_>) -> SysResult,
) -> Result<i64, wasmtime::Error> {
    if strace::is_on() {
        return strace::call(cx, &SYSCALLS[index], args, |cx| serve(cx, call));
    }
    serve(cx, call)
}

/// The answer of a call that is not served.
fn refused(errno: i64) -> SysResult {
    Ok(Errno::check(-errno)?)
}

/// Makes a call, and what signals make of it.
///
/// The guest's signal handlers run here, before a call that must wait for them and after one that
/// has a result. A call that was made directly comes here with its result if a signal has
/// come meanwhile. So `call` may start more than once, or not at all: what it does before its one call of [`kernel`]
/// has no lasting effect.
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
/// - The kernel's.
#[inline]
fn kernel(_cx: &mut Cx<'_>, number: libc::c_long, words: &[Word<'_>]) -> SysResult {
    let mut values = [0; 6];
    for (value, word) in values.iter_mut().zip(words) {
        *value = word.value();
    }
    match host::guest_syscall(number, &values) {
        Outcome::Done(result) => Ok(Errno::check(result)?),
        Outcome::Interrupted => Err(Stop::Interrupted),
    }
}

/// The host's number of a call that the host's libc does not name yet.
const fn number_of(name: &str) -> libc::c_long {
    let calls = SYSCALLS;
    let mut at = 0;
    while !same(calls[at].name, name) {
        at += 1;
    }
    match calls[at].number(host::ISA) {
        Some(number) => number as libc::c_long,
        None => panic!("this instruction set has no such call"),
    }
}

/// The word for the kernel of the flags of an open file.
#[inline]
fn open_flags(flags: i32) -> Word<'static> {
    isa::open_flags_to(host::ISA, flags.cast_unsigned()).into()
}

/// The word for the kernel of a pointer as the guest passes it.
#[inline]
fn pointer(cx: &Cx<'_>, addr: i32) -> Word<'static> {
    HostPtr::guest(cx.data().memory, GuestAddr(addr.cast_unsigned())).into()
}
