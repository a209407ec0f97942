//! What is done with each signal: what the guest wants, and what the kernel has to know of it.

use super::actions::{ACTIONS, Action, SIG_DFL, SIG_IGN};
use super::slot::on_signal;
use crate::kernel::sigaction::{KernelAction, file_size_limit};
use crate::kernel::{Errno, SigSet};

/// The guest's flags that the kernel has to know.
const KERNEL_FLAGS: u32 =
    (libc::SA_RESTART | libc::SA_RESETHAND | libc::SA_NOCLDSTOP | libc::SA_NOCLDWAIT)
        .cast_unsigned();

/// Changes (with `new`) and returns the action for `signal`.
///
/// # Errors
/// - `EINVAL`: no such signal, or `new` for one that cannot be handled.
pub(crate) fn exchange_action(signal: i32, new: Option<Action>) -> Result<Action, Errno> {
    if !(1..=64).contains(&signal) || new.is_some() && SigSet::UNSTOPPABLE.contains(signal) {
        return Err(Errno::EINVAL);
    }
    let table = ACTIONS.lock();
    let old = if ACTIONS.is_untouched(signal) {
        inherited(signal)?
    } else {
        ACTIONS.get(signal).0
    };
    let Some(new) = new else { return Ok(old) };
    // The kernel's handler for these is the engine's, whatever the guest wants.
    if SigSet::FAULTS.contains(signal) {
        table.set(signal, new);
        return Ok(old);
    }
    let flags = (new.flags & KERNEL_FLAGS).cast_signed();
    if new.is_handled() {
        // The handler, once the kernel knows it, finds its action.
        table.set(signal, new);
        KernelAction::calling(on_signal, flags).install(signal)?;
    } else {
        let ignores = new.handler == SIG_IGN;
        let mut plain = KernelAction::plain(if ignores {
            libc::SIG_IGN
        } else {
            libc::SIG_DFL
        });
        plain.flags = flags as usize;
        plain.install(signal)?;
        table.set(signal, new);
    }
    Ok(old)
}

/// The action that the process was started with.
fn inherited(signal: i32) -> Result<Action, Errno> {
    let current = KernelAction::current(signal)?;
    Ok(Action::plain(if current.handler() == libc::SIG_IGN {
        SIG_IGN
    } else {
        SIG_DFL
    }))
}

/// The signal that the host's libc takes for itself when a process starts its first thread.
const HOST_LIBC_SIGNAL: i32 = 33;

/// Runs `start`, which starts a thread. The host's libc may set the action of a signal for that; afterwards
/// the guest's is in force again.
pub(crate) fn keeping_actions<T>(start: impl FnOnce() -> T) -> T {
    let kept = || KernelAction::current(HOST_LIBC_SIGNAL);
    giving_back(HOST_LIBC_SIGNAL, kept, start)
}

/// Runs `write`, which writes a file of the engine's own. At the limit on the size of files it fails, and no
/// signal ends the program for it.
pub(crate) fn failing_at_size_limit<T, E>(write: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    if file_size_limit() == libc::RLIM_INFINITY {
        return write();
    }
    let ignore = || KernelAction::plain(libc::SIG_IGN).install(libc::SIGXFSZ);
    giving_back(libc::SIGXFSZ, ignore, || {
        let result = write();
        if result.is_err() {
            // A blocked signal waits although it is ignored. Ignoring it once more drops it.
            let _ = ignore();
        }
        result
    })
}

/// Runs `begin` and `work`, and then puts the action for `signal` that `begin` returned in force again.
fn giving_back<T>(
    signal: i32,
    begin: impl FnOnce() -> Result<KernelAction, Errno>,
    work: impl FnOnce() -> T,
) -> T {
    let _table = ACTIONS.lock();
    let before = begin();
    let result = work();
    if let Ok(before) = before {
        // The kernel returned this action, so it takes it back.
        let _ = before.install(signal);
    }
    result
}
