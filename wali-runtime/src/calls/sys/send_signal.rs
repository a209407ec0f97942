//! Signals with a siginfo of the sender's: `rt_sigqueueinfo`, `rt_tgsigqueueinfo`,
//! `pidfd_send_signal`. The calls that send one without are the kernel's as they are.
//!
//! By hand: what a thread sends itself may look like a fault, which the engine must not take for one
//! of the code that runs.

use crate::calls::gate::kernel;
use crate::kernel::sigaction::RawInfo;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::{GuestMemory, GuestPtr};
use crate::program::{Cx, Stop, SysResult};
use crate::signals::info::disguised;

/// A siginfo that goes with no signal, of a kind that the kernel takes from the receiver only.
const PROBE: RawInfo = {
    let mut info = [0; 16];
    info[1] = 1;
    info
};

/// The words of a siginfo that the kernel reads whatever its code.
const READ_WORDS: usize = 6;

/// An address at which no process has anything.
const NOWHERE: u32 = 8;

/// `rt_sigqueueinfo(tgid, sig, info)`.
///
/// # Errors
/// - `EINVAL`: no such signal.
/// - `EPERM`: the receiver is another user's, or `info` has a code that only the kernel and
///   the receiver itself may send.
/// - `ESRCH`: no such receiver.
/// - `EAGAIN`: too many signals wait already.
/// - `EFAULT`: `info` cannot be read.
/// - Other errors are the kernel's.
pub(super) fn rt_sigqueueinfo(
    cx: &mut Cx<'_>,
    tgid: i32,
    sig: i32,
    info: GuestPtr<RawInfo>,
) -> SysResult {
    send(cx, info, sig, |cx, sig, info| {
        let words = [tgid.into(), sig.into(), info];
        kernel(cx, libc::SYS_rt_sigqueueinfo, &words)
    })
}

/// `rt_tgsigqueueinfo(tgid, tid, sig, info)`: to one thread.
///
/// # Errors
/// As for [`rt_sigqueueinfo`].
pub(super) fn rt_tgsigqueueinfo(
    cx: &mut Cx<'_>,
    tgid: i32,
    tid: i32,
    sig: i32,
    info: GuestPtr<RawInfo>,
) -> SysResult {
    send(cx, info, sig, |cx, sig, info| {
        let words = [tgid.into(), tid.into(), sig.into(), info];
        kernel(cx, libc::SYS_rt_tgsigqueueinfo, &words)
    })
}

/// `pidfd_send_signal(pidfd, sig, info, flags)`; without `info` as `kill`.
///
/// # Errors
/// - `EBADF`: `pidfd` is no descriptor of a process.
/// - `EINVAL`: no such signal, another one than in `info`, or unknown flags.
/// - `EPERM`: the receiver is another user's, or `info` has a code that only the kernel and
///   the receiver itself may send.
/// - `ESRCH`: the process has ended.
/// - `EAGAIN`: too many signals wait already.
/// - `EFAULT`: `info` cannot be read.
/// - Other errors are the kernel's.
pub(super) fn pidfd_send_signal(
    cx: &mut Cx<'_>,
    pidfd: i32,
    sig: i32,
    info: GuestPtr<RawInfo>,
    flags: u32,
) -> SysResult {
    send(cx, info, sig, |cx, sig, info| {
        let words = [pidfd.into(), sig.into(), info, flags.into()];
        kernel(cx, libc::SYS_pidfd_send_signal, &words)
    })
}

/// Sends signal `sig` by `call`, which takes the signal and a siginfo.
fn send(
    cx: &mut Cx<'_>,
    info: GuestPtr<RawInfo>,
    sig: i32,
    call: impl Fn(&mut Cx<'_>, i32, Word<'_>) -> SysResult,
) -> SysResult {
    let given = match load(cx.data().memory, info) {
        Some(given) => given,
        None if info.is_null() => return call(cx, sig, Word::ZERO),
        // What is wrong besides the kernel finds out in its own order.
        None => return call(cx, sig, HostPtr::number(NOWHERE).into()),
    };
    let sent = disguised(sig, given);
    if sent == given {
        return call(cx, sig, HostPtr::input(&given).into());
    }
    // Such a siginfo the kernel takes from the receiver only, and does not look when it is in disguise.
    match call(cx, 0, HostPtr::input(&PROBE).into()) {
        Ok(_) => call(cx, sig, HostPtr::input(&sent).into()),
        Err(Stop::Errno(_)) => call(cx, sig, HostPtr::input(&given).into()),
        Err(stop) => Err(stop),
    }
}

/// A copy of a siginfo: what was looked at is what the kernel gets. Behind the words that the kernel
/// always reads it may be cut off.
fn load(memory: GuestMemory, info: GuestPtr<RawInfo>) -> Option<RawInfo> {
    let mut copy = [0; 16];
    let words: GuestPtr<u64> = info.non_null()?.cast();
    copy[..READ_WORDS].copy_from_slice(&memory.load_slice(words, READ_WORDS).ok()?);
    if let Ok(all) = memory.load(info) {
        copy[READ_WORDS..].copy_from_slice(&all[READ_WORDS..]);
    }
    Some(copy)
}
