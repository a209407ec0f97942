//! What a thread looks at before and after each call that it makes for the guest.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::kernel::syscall::{self, Outcome};

/// The flags of one thread. The direct calls, in assembly language, reach them by their distances from
/// `pending`.
pub(super) struct Flags {
    /// 1 while a signal waits to be taken.
    pub(super) pending: AtomicU32,
    /// The result of a direct call that had returned when a signal came.
    pub(super) made: Cell<i64>,
    /// Whether there is such a result.
    pub(super) has_made: Cell<bool>,
}

thread_local! {
    // Constant and without a destructor: a handler may use it at any time.
    static FLAGS: Flags = const {
        Flags {
            pending: AtomicU32::new(0),
            made: Cell::new(0),
            has_made: Cell::new(false),
        }
    };
}

/// Sets whether a signal waits for the calling thread's guest.
pub(super) fn set_pending(waits: bool) {
    FLAGS.with(|flags| flags.pending.store(u32::from(waits), Ordering::Relaxed));
}

/// Whether a signal waits for the calling thread's guest.
#[inline]
pub(crate) fn is_pending() -> bool {
    FLAGS.with(|flags| flags.pending.load(Ordering::Relaxed) != 0)
}

/// The address of the calling thread's flag that a signal waits.
pub(super) fn pending_flag() -> usize {
    FLAGS.with(|flags| flags.pending.as_ptr().addr())
}

/// Takes the result of the call that is being served, if it was made directly and only its signals are left to
/// handle.
#[inline]
pub(crate) fn take_made() -> Option<i64> {
    FLAGS.with(|flags| flags.has_made.take().then(|| flags.made.get()))
}

/// Makes a system call for the guest, unless a signal waits or comes before the call has begun.
///
/// # Safety
/// As for [`syscall::interruptible`].
#[inline]
pub(crate) unsafe fn interruptible(number: usize, args: &[usize; 6]) -> Outcome {
    // SAFETY: the caller's promise.
    FLAGS.with(|flags| unsafe { syscall::interruptible(&flags.pending, number, args) })
}

/// Makes a system call for the guest as [`interruptible`] does. The arguments are numbers or checked addresses.
#[inline]
pub(crate) fn guest_syscall(number: libc::c_long, args: &[i64; 6]) -> Outcome {
    let args = args.map(|arg| arg as usize);
    // SAFETY: addresses among the arguments are the guest's, moved into its reservation, or those
    // of buffers that the caller lends.
    unsafe { interruptible(number as usize, &args) }
}
