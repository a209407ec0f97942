//! Signals and faults, as the kernel brings them, until the guest's own code is asked to look.
//!
//! The handler (`slot`) stores a signal in the thread's slot, raises the flags that make the guest's
//! code look (`flags`, `poll`), and leaves every signal blocked until the slot has been taken.
//! Dispositions, masks and queues stay the kernel's; what the guest wants done is in `actions`. Faults
//! of running code have a handler of their own (`faults`). `direct` has the calls that compiled code
//! makes with nothing of the engine's in between.
//!
//! Whoever calls the guest's handlers stands above this layer (`control::handlers`).

pub(crate) mod actions;
pub(crate) mod direct;
mod dispositions;
pub(crate) mod faults;
mod flags;
pub(crate) mod info;
mod mask;
mod poll;
mod slot;
mod window;

pub(crate) use dispositions::{exchange_action, failing_at_size_limit, keeping_actions};
pub(crate) use flags::{guest_syscall, is_pending, take_made};
pub(crate) use mask::{
    begin, block_all, block_faults, change_mask, pending_set, set_mask, take_held,
    with_inherited_state,
};
pub(crate) use slot::{Arrived, forget_other_threads, set_safepoint_word, take};
