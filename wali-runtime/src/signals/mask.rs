//! Masks, and the fault signals that the kernel must never see blocked.

use std::ptr;

use super::actions::{ACTIONS, SIG_IGN};
use super::flags::interruptible;
use super::slot::{self, SIGNAL_FAULTS, SLOT};
use crate::kernel::process::thread_id;
use crate::kernel::sigaction::{KernelAction, RawInfo, SIGSET_BYTES};
use crate::kernel::syscall::{self, Outcome};
use crate::kernel::{Errno, SigSet};

/// Changes the calling thread's mask as `rt_sigprocmask` does and returns the one before; `None`
/// when a signal has to be handled first.
///
/// # Errors
/// - `EINVAL`: `how` is none of the three.
pub(crate) fn change_mask(how: i32, set: Option<SigSet>) -> Result<Option<SigSet>, Errno> {
    let kernel_set = set.map(|set| set.without(SigSet::FAULTS));
    let mut old = SigSet::EMPTY;
    let new = kernel_set.as_ref().map_or(ptr::null(), ptr::from_ref);
    let args = [
        how as usize,
        new.addr(),
        (&raw mut old).addr(),
        SIGSET_BYTES,
        0,
        0,
    ];
    // SAFETY: both sets outlive the call.
    match unsafe { interruptible(libc::SYS_rt_sigprocmask as usize, &args) } {
        Outcome::Interrupted => return Ok(None),
        Outcome::Done(result) => Errno::check(result)?,
    };
    let blocked = SLOT.with(|slot| slot.blocked_faults.get());
    if let Some(set) = set {
        let faults = set.intersection(SigSet::FAULTS);
        let faults = match how {
            libc::SIG_BLOCK => blocked.union(faults),
            libc::SIG_UNBLOCK => blocked.without(faults),
            _ => faults,
        };
        correct_arrived_faults(faults);
        block_faults(faults);
    }
    Ok(Some(old.union(blocked)))
}

/// Completes the mask under which a signal arrived that the new mask has let in: the kernel knows it without
/// `faults`.
fn correct_arrived_faults(faults: SigSet) {
    SLOT.with(|slot| {
        if let Some(mut arrived) = slot.arrived.get() {
            arrived.mask = arrived.mask.without(SigSet::FAULTS).union(faults);
            slot.arrived.set(Some(arrived));
        }
    });
}

/// Sets the calling thread's mask. Signals that it unblocks have arrived when this returns.
///
/// While a signal waits, the others stay blocked, since the slot has room for one. The handler then restores
/// `mask` when it is over.
pub(crate) fn set_mask(mask: SigSet) {
    if let Ok(Some(_)) = change_mask(libc::SIG_SETMASK, Some(mask)) {
        return;
    }
    SLOT.with(|slot| {
        if let Some(mut arrived) = slot.arrived.get() {
            arrived.mask = mask;
            slot.arrived.set(Some(arrived));
        }
    });
}

/// Sets the first mask of a thread that has just begun.
///
/// The host's libc starts threads with some signals unblocked, whatever was asked for. Those of `mask` that have
/// arrived already go back to the kernel.
pub(crate) fn begin(mask: SigSet) {
    loop {
        set_mask(mask);
        let arrived = SLOT.with(|slot| slot.arrived.get());
        if !arrived.is_some_and(|arrived| mask.contains(arrived.signal)) {
            return;
        }
        // Everything is blocked from here on.
        if let Some(early) = slot::take() {
            requeue(early.signal, &early.info);
        }
    }
}

/// Blocks every signal and returns the mask before; `None` when a signal has to be handled first.
pub(crate) fn block_all() -> Option<SigSet> {
    change_mask(libc::SIG_SETMASK, Some(SigSet::FULL))
        .ok()
        .flatten()
}

/// Runs `exec`, which starts another program or fails. Meanwhile the kernel has what that program inherits of the
/// guest: the whole `mask`, and fault signals that are ignored.
pub(crate) fn with_inherited_state<T>(mask: SigSet, exec: impl FnOnce() -> T) -> T {
    let ignored = SIGNAL_FAULTS
        .iter()
        .filter(|&&fault| ACTIONS.get(fault).0.handler == SIG_IGN);
    let mut handlers = Vec::new();
    for &fault in ignored {
        if let Ok(handler) = KernelAction::plain(libc::SIG_IGN).install(fault) {
            handlers.push((fault, handler));
        }
    }
    set_kernel_mask(mask);
    let result = exec();
    set_kernel_mask(SigSet::FULL.without(SigSet::FAULTS));
    for (fault, handler) in handlers {
        let _ = handler.install(fault);
    }
    result
}

fn set_kernel_mask(mask: SigSet) {
    let args = [
        libc::SIG_SETMASK as usize,
        (&raw const mask).addr(),
        0,
        SIGSET_BYTES,
        0,
        0,
    ];
    // SAFETY: the set outlives the call. The call cannot fail.
    let _ = unsafe { syscall::immediate(libc::SYS_rt_sigprocmask, &args) };
}

/// Sets which fault signals the guest blocks. Held ones that it no longer blocks are sent anew.
pub(crate) fn block_faults(faults: SigSet) {
    SLOT.with(|slot| {
        slot.blocked_faults.set(faults);
        for (held, signal) in slot.held.iter().zip(SIGNAL_FAULTS) {
            if faults.contains(signal) {
                continue;
            }
            if let Some(info) = held.take() {
                requeue(signal, &info);
            }
        }
    });
}

/// The signals that wait until the guest unblocks them; `None` when one has to be handled first.
///
/// # Errors
/// The kernel's.
pub(crate) fn pending_set() -> Result<Option<SigSet>, Errno> {
    let mut set = SigSet::EMPTY;
    let args = [(&raw mut set).addr(), SIGSET_BYTES, 0, 0, 0, 0];
    // SAFETY: the set outlives the call.
    match unsafe { interruptible(libc::SYS_rt_sigpending as usize, &args) } {
        Outcome::Interrupted => return Ok(None),
        Outcome::Done(result) => Errno::check(result)?,
    };
    let held = SLOT.with(|slot| {
        let held = slot.held.iter().zip(SIGNAL_FAULTS);
        held.filter(|(held, _)| held.get().is_some())
            .fold(SigSet::EMPTY, |set, (_, signal)| set.with(signal))
    });
    Ok(Some(set.union(held)))
}

/// Takes a fault signal of `wanted` that was sent and waits until it is unblocked.
pub(crate) fn take_held(wanted: SigSet) -> Option<(i32, RawInfo)> {
    SLOT.with(|slot| {
        let mut held = slot.held.iter().zip(SIGNAL_FAULTS);
        held.find_map(|(held, signal)| {
            let info = if wanted.contains(signal) {
                held.take()
            } else {
                None
            };
            Some((signal, info?))
        })
    })
}

/// Sends `signal` to the calling thread with the siginfo it once came with.
fn requeue(signal: i32, info: &RawInfo) {
    let (process, thread) = (std::process::id() as usize, thread_id() as usize);
    let args = [
        process,
        thread,
        signal as usize,
        ptr::from_ref(info).addr(),
        0,
        0,
    ];
    // SAFETY: the siginfo outlives the call. It can only fail when the queue is full, as for any
    // sender.
    let _ = unsafe { syscall::immediate(libc::SYS_rt_tgsigqueueinfo, &args) };
}
