//! Signals: actions, masks, waiting for them, the alternate stack.
//!
//! Sending them with a siginfo is in `send_signal.rs`, otherwise the kernel's alone. Timers that send
//! them are in `timer.rs`.

use std::sync::atomic::Ordering;

use crate::calls::gate::kernel;
use crate::control::handlers::{is_sig_ign, stack_pointer};
use crate::kernel::sigaction::SIGSET_BYTES;
use crate::kernel::word::HostPtr;
use crate::kernel::{Errno, SigSet};
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::{AlternateStack, Cx, Stop, SysResult};
use crate::signals;
use crate::signals::actions::{Action, SIG_IGN};
use crate::signals::info::undisguised;

/// `struct sigaction` in 4-byte words: handler, mask (the first 8 of 128 bytes count), flags,
/// restorer.
type GuestAction = [u32; 36];
const HANDLER: usize = 0;
const MASK: usize = 2;
const FLAGS: usize = 34;
const RESTORER: usize = 35;

/// The flags that the kernel keeps; `SA_RESTORER` is among them.
const KNOWN_FLAGS: u32 = 0xdc00_0c07;

/// `rt_sigaction(signum, act, oldact, sigsetsize)`.
///
/// # Errors
/// - `EINVAL`: another size of a set than 8; no such signal; `SIGKILL` or `SIGSTOP` with `act`.
/// - `EFAULT`: `act` or `oldact`; the action is changed even when `oldact` cannot be written.
pub(super) fn rt_sigaction(
    cx: &mut Cx<'_>,
    signum: i32,
    act: GuestPtr<GuestAction>,
    oldact: GuestPtr<GuestAction>,
    sigsetsize: u32,
) -> SysResult {
    check_set_size(sigsetsize)?;
    let memory = cx.data().memory;
    let new = match act.non_null() {
        Some(act) => Some(action(cx, &memory.load(act)?)),
        None => None,
    };
    let old = signals::exchange_action(signum, new)?;
    if let Some(oldact) = oldact.non_null() {
        // The libc's structure is larger than what the kernel fills in: the rest of the mask stays.
        let mut words = memory.load(oldact)?;
        words[HANDLER] = match old.handler {
            SIG_IGN => cx.data().process.sig_ign.load(Ordering::Relaxed),
            other => other,
        };
        words[MASK] = old.mask.bits() as u32;
        words[MASK + 1] = (old.mask.bits() >> 32) as u32;
        words[FLAGS] = old.flags;
        words[RESTORER] = old.restorer;
        memory.store(oldact, words)?;
    }
    Ok(0)
}

fn action(cx: &mut Cx<'_>, words: &GuestAction) -> Action {
    let mask = u64::from(words[MASK]) | u64::from(words[MASK + 1]) << 32;
    let mut handler = words[HANDLER];
    if is_sig_ign(cx, handler) {
        // What one program calls SIG_IGN it also expects back.
        cx.data().process.sig_ign.store(handler, Ordering::Relaxed);
        handler = SIG_IGN;
    }
    Action {
        handler,
        flags: words[FLAGS] & KNOWN_FLAGS,
        restorer: words[RESTORER],
        mask: SigSet::from_bits(mask).without(SigSet::UNSTOPPABLE),
    }
}

/// `rt_sigprocmask(how, set, oldset, sigsetsize)`.
///
/// # Errors
/// - `EINVAL`: another size of a set than 8; `how` is none of the three.
/// - `EFAULT`: `set` or `oldset`; the mask is changed even when `oldset` cannot be written.
pub(super) fn rt_sigprocmask(
    cx: &mut Cx<'_>,
    how: i32,
    set: GuestPtr<u64>,
    oldset: GuestPtr<u64>,
    sigsetsize: u32,
) -> SysResult {
    check_set_size(sigsetsize)?;
    let memory = cx.data().memory;
    let new = load_set(cx, set)?;
    let old = signals::change_mask(how, new)?.ok_or(Stop::Interrupted)?;
    if let Some(oldset) = oldset.non_null() {
        memory.store(oldset, old.bits())?;
    }
    Ok(0)
}

/// `rt_sigpending(set, sigsetsize)`: the blocked signals that wait for the thread or the process.
///
/// # Errors
/// - `EINVAL`: a set larger than 8 bytes.
/// - `EFAULT`: `set`.
pub(super) fn rt_sigpending(cx: &mut Cx<'_>, set: GuestAddr, sigsetsize: u32) -> SysResult {
    if sigsetsize as usize > SIGSET_BYTES {
        return Err(Errno::EINVAL.into());
    }
    let pending = signals::pending_set()?.ok_or(Stop::Interrupted)?;
    let bytes = pending.bits().to_ne_bytes();
    cx.data()
        .memory
        .write_bytes(set, &bytes[..sigsetsize as usize])?;
    Ok(0)
}

/// `rt_sigsuspend(mask, sigsetsize)`: waits under another mask until a handler has run.
///
/// # Errors
/// - `EINTR`: always, in the end.
/// - `EINVAL`: another size of a set than 8.
/// - `EFAULT`: `mask`.
pub(super) fn rt_sigsuspend(cx: &mut Cx<'_>, mask: GuestPtr<u64>, sigsetsize: u32) -> SysResult {
    check_set_size(sigsetsize)?;
    let memory = cx.data().memory;
    let args = [
        HostPtr::guest(memory, mask.addr()).into(),
        sigsetsize.into(),
    ];
    let result = kernel(cx, libc::SYS_rt_sigsuspend, &args);
    under_mask(cx, result, mask)
}

/// Passes on the result of a call that waited with `mask` in force. If a signal interrupted it, its
/// handler has to run under that mask.
pub(crate) fn under_mask(cx: &mut Cx<'_>, result: SysResult, mask: GuestPtr<u64>) -> SysResult {
    if matches!(result, Err(Stop::Errno(Errno::EINTR)))
        && let Some(mask) = mask.non_null()
        && let Ok(bits) = cx.data().memory.load(mask)
    {
        cx.data_mut().signals.temporary_mask = Some(SigSet::from_bits(bits));
    }
    result
}

/// `rt_sigtimedwait(set, info, timeout, sigsetsize)`: takes a signal of `set` without a handler.
///
/// # Errors
/// - `EAGAIN`: none came in time.
/// - `EINTR`: the handler of another one ran.
/// - `EINVAL`: another size of a set than 8; a bad time.
/// - `EFAULT`: a pointer; the signal is gone when `info` cannot be written.
pub(super) fn rt_sigtimedwait(
    cx: &mut Cx<'_>,
    set: GuestPtr<u64>,
    info: GuestPtr<[u64; 16]>,
    timeout: GuestAddr,
    sigsetsize: u32,
) -> SysResult {
    check_set_size(sigsetsize)?;
    let memory = cx.data().memory;
    let wanted = SigSet::from_bits(memory.load(set)?);
    if let Some((signal, held)) = signals::take_held(wanted) {
        if let Some(info) = info.non_null() {
            memory.store(info, undisguised(signal, held))?;
        }
        return Ok(i64::from(signal));
    }
    // What can be waited for was sent by somebody, and such a siginfo is the same on both sides.
    let args = [
        HostPtr::guest(memory, set.addr()).into(),
        HostPtr::guest(memory, info.addr()).into(),
        HostPtr::guest(memory, timeout).into(),
        sigsetsize.into(),
    ];
    kernel(cx, libc::SYS_rt_sigtimedwait, &args)
}

/// `sigaltstack(ss, old_ss)`.
///
/// # Errors
/// - `EINVAL`: unknown flags.
/// - `ENOMEM`: smaller than 2048 bytes.
/// - `EPERM`: the thread runs on its alternate stack.
/// - `EFAULT`: `ss` or `old_ss`.
pub(super) fn sigaltstack(
    cx: &mut Cx<'_>,
    ss: GuestPtr<[u32; 3]>,
    old_ss: GuestPtr<[u32; 3]>,
) -> SysResult {
    let memory = cx.data().memory;
    let sp = stack_pointer(cx).unwrap_or(0);
    let old = cx.data().signals.alternate;
    if let Some(ss) = ss.non_null() {
        let [start, flags, size_bytes] = memory.load(ss)?;
        if old.top(sp).is_none() && old != AlternateStack::default() {
            return Err(Errno::EPERM.into());
        }
        // What is in force already is never refused.
        if !old.is(start, flags, size_bytes) {
            cx.data_mut().signals.alternate = AlternateStack::new(start, flags, size_bytes)?;
        }
    }
    if let Some(old_ss) = old_ss.non_null() {
        memory.store(old_ss, old.describe(sp))?;
    }
    Ok(0)
}

fn check_set_size(sigsetsize: u32) -> Result<(), Errno> {
    if sigsetsize as usize == SIGSET_BYTES {
        Ok(())
    } else {
        Err(Errno::EINVAL)
    }
}

fn load_set(cx: &Cx<'_>, set: GuestPtr<u64>) -> Result<Option<SigSet>, Errno> {
    match set.non_null() {
        Some(set) => Ok(Some(SigSet::from_bits(cx.data().memory.load(set)?))),
        None => Ok(None),
    }
}
