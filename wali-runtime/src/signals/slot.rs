//! A signal on its way from the kernel to the guest: the handler, and one slot a thread.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering, compiler_fence};

use super::actions::{ACTIONS, Action, SIG_DFL, SIG_IGN, Version};
use super::{flags, poll, window};
use crate::kernel::SigSet;
use crate::kernel::context::Context;
use crate::kernel::sigaction::{RawInfo, act_by_default};
use crate::memory::{GuestAddr, GuestMemory};

/// A signal on its way to the guest's handler.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrived {
    /// Its number.
    pub(crate) signal: i32,
    /// The kernel's siginfo.
    pub(crate) info: RawInfo,
    /// The mask of the code it interrupted.
    pub(crate) mask: SigSet,
    /// The guest's action for it when it arrived.
    pub(crate) action: Action,
    /// The version of that action.
    pub(crate) version: Version,
}

/// What a thread's signal handler and the thread itself leave for each other, besides the [`flags`].
pub(super) struct Slot {
    pub(super) arrived: Cell<Option<Arrived>>,
    /// Whether the page that loops read was closed for the waiting signal.
    closed: Cell<bool>,
    /// The members of [`SigSet::FAULTS`] that the guest blocks. The kernel must never block them.
    pub(super) blocked_faults: Cell<SigSet>,
    /// Signals of [`SigSet::FAULTS`] that somebody sent while they could not be handled.
    pub(super) held: [Cell<Option<RawInfo>>; SIGNAL_FAULTS.len()],
}

pub(super) const SIGNAL_FAULTS: [i32; 4] =
    [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE];

thread_local! {
    // Constant and without a destructor: a handler may use it at any time.
    pub(super) static SLOT: Slot = const {
        Slot {
            arrived: Cell::new(None),
            closed: Cell::new(false),
            blocked_faults: Cell::new(SigSet::EMPTY),
            held: [const { Cell::new(None) }; SIGNAL_FAULTS.len()],
        }
    };
}

/// The word in guest memory that the guest's loops look at: the number of threads with a signal
/// waiting. Null while the module has no such loops.
static SAFEPOINT: AtomicPtr<AtomicU32> = AtomicPtr::new(ptr::null_mut());

/// Sets the address of the word that the guest's loops test, a multiple of 4, and of the page that others only
/// read.
///
/// A guest that unmaps the word ends at the next signal that it handles.
pub(crate) fn set_safepoint_word(memory: GuestMemory, word: GuestAddr, page: Option<GuestAddr>) {
    let word = memory.host_ptr(word) as *mut AtomicU32;
    SAFEPOINT.store(word, Ordering::Release);
    if let Some(page) = page {
        poll::set_page(memory.host_ptr(page));
    }
}

fn count_waiting(change: impl Fn(&AtomicU32)) {
    let word = SAFEPOINT.load(Ordering::Acquire);
    // SAFETY: the address is aligned and in the reservation, which nothing else uses.
    if let Some(word) = unsafe { word.as_ref() } {
        change(word);
    }
}

/// Takes the signal that waits. Every signal stays blocked until [`set_mask`](super::set_mask).
pub(crate) fn take() -> Option<Arrived> {
    SLOT.with(|slot| {
        if !flags::is_pending() {
            return None;
        }
        let arrived = slot.arrived.take();
        // Before the slot counts as empty: a fault signal that comes now is held back.
        if slot.closed.take() {
            poll::open();
        }
        flags::set_pending(false);
        count_waiting(|word| {
            word.fetch_sub(1, Ordering::Relaxed);
        });
        arrived
    })
}

/// Adapts the counts to a new child process: the parent's other threads, for which signals waited, are not in it.
pub(crate) fn forget_other_threads() {
    poll::forget_other_threads(SLOT.with(|slot| slot.closed.get()));
    let own = u32::from(flags::is_pending());
    count_waiting(|word| word.store(own, Ordering::Relaxed));
}

/// The host's handler of every signal that the guest handles, except for those of faults.
pub(super) extern "C" fn on_signal(signal: c_int, info: *mut RawInfo, context: *mut c_void) {
    // SAFETY: the kernel calls this handler with its own frame.
    let (info, mut context) = unsafe { (info.read(), Context::new(context)) };
    arrive(signal, info, &mut context);
}

/// Stores a signal in the thread's slot and changes the interrupted code's context accordingly.
pub(crate) fn arrive(signal: i32, info: RawInfo, context: &mut Context) {
    let (action, version) = ACTIONS.get(signal);
    SLOT.with(|slot| {
        let mask = context
            .mask()
            .without(SigSet::FAULTS)
            .union(slot.blocked_faults.get());
        slot.arrived.set(Some(Arrived {
            signal,
            info,
            mask,
            action,
            version,
        }));
        compiler_fence(Ordering::Release);
        flags::set_pending(true);
        // A thread that makes a call for the guest looks for signals when the call is over.
        if !window::will_look(context.pc()) {
            slot.closed.set(poll::close());
        }
    });
    count_waiting(|word| {
        word.fetch_add(1, Ordering::Relaxed);
    });
    context.set_mask(SigSet::FULL.without(SigSet::FAULTS));
    leave_window(context);
}

/// The mask of interrupted code; `None` while a signal waits, which has that mask.
pub(crate) fn interrupted_mask(context: &Context) -> Option<SigSet> {
    SLOT.with(|slot| {
        let blocked = slot.blocked_faults.get();
        let mask = context.mask().without(SigSet::FAULTS).union(blocked);
        (!flags::is_pending()).then_some(mask)
    })
}

/// Whether the guest blocks `signal`, one of [`SigSet::FAULTS`].
pub(crate) fn is_fault_blocked(signal: i32) -> bool {
    SLOT.with(|slot| slot.blocked_faults.get().contains(signal))
}

/// Keeps a call from being made (again) before the guest's handler has run.
fn leave_window(context: &mut Context) {
    let Some(window) = window::at(context.pc()) else {
        return;
    };
    // A stop (SIGSTOP) interrupted the call, and the kernel would go on with it by restart_syscall. Once a handler
    // has run, that is impossible.
    if context.pc() == window.call && context.call_number() == libc::SYS_restart_syscall as usize {
        context.set_result(-i64::from(libc::EINTR));
        context.set_pc(window.done);
    } else {
        context.set_pc(window.interrupted);
    }
}

/// Receives a fault signal that somebody sent, in the fault handler.
pub(crate) fn fault_sent(signal: i32, info: RawInfo, context: &mut Context) {
    let (action, _) = ACTIONS.get(signal);
    let hold = SLOT.with(|slot| {
        let busy = flags::is_pending();
        let hold = slot.blocked_faults.get().contains(signal) || busy && action.is_handled();
        if hold && let Some(place) = SIGNAL_FAULTS.iter().position(|&fault| fault == signal) {
            // A second one coalesces, as ordinary signals do.
            slot.held[place].set(Some(info));
        }
        hold
    });
    match action.handler {
        _ if hold => {}
        SIG_IGN => {}
        SIG_DFL => act_by_default(signal),
        _ => arrive(signal, info, context),
    }
}
