//! Calling the guest's handlers, for signals and for faults of its own code.

mod delivery;
mod fault;
mod frame;

pub(crate) use delivery::{After, after_call, is_sig_ign, stack_pointer};
pub(crate) use fault::{end, enter, safepoint};
