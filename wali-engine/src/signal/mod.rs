//! Signals as the guest sees them: its actions, its alternate stack, its handlers being called.
//!
//! The host's side, which receives them from the kernel, is `host/signals.rs`; the system calls are
//! in `sys/signal.rs`.

mod action;
mod delivery;
mod fault;
mod frame;
mod info;
mod set;
mod stack;

pub(crate) use action::{ACTIONS, Action, SIG_DFL, SIG_IGN, Version};
pub(crate) use delivery::{After, after_call, is_sig_ign, safepoint, stack_pointer};
pub(crate) use fault::{end, fault_in_library};
pub(crate) use info::{disguised, guest_info, undisguised};
pub(crate) use set::SigSet;
pub(crate) use stack::AlternateStack;

use wasmtime::{AsContextMut as _, Func, Global, Instance, Store};

use crate::guest::{GuestAddr, Task};
use crate::host::signals;
use crate::loader::safepoint::{self, FAULT_EXPORT, STACK_POINTER_EXPORT, WORD_EXPORT};

/// What one thread of the guest has of its own.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ThreadSignals {
    /// The global with the address of the guest's stack, if the module shows it.
    pub(crate) stack_pointer: Option<Global>,
    /// The function that runs the handler of a fault, in modules with handlers.
    pub(crate) fault_entry: Option<Func>,
    /// What `sigaltstack` set.
    pub(crate) alternate: AlternateStack,
    /// The mask that a call such as `ppoll` had in force when it was interrupted. Handlers run
    /// under it; the mask from before the call comes back after them.
    pub(crate) temporary_mask: Option<SigSet>,
}

/// Finds what signals need of a new instance, the calling thread's.
pub(crate) fn attach(store: &mut Store<Task>, instance: &Instance) {
    let stack_pointer = instance.get_global(store.as_context_mut(), STACK_POINTER_EXPORT);
    store.data_mut().signals.stack_pointer = stack_pointer;
    let fault_entry = instance.get_func(store.as_context_mut(), FAULT_EXPORT);
    store.data_mut().signals.fault_entry = fault_entry;
    let Some(word) = instance.get_global(store.as_context_mut(), WORD_EXPORT) else {
        return;
    };
    if let Some(address) = word.get(store.as_context_mut()).i32() {
        let address = GuestAddr(address.cast_unsigned());
        let page = safepoint::POLL_AT.map(|distance| GuestAddr(address.0 + distance));
        let page = page.filter(|_| !store.data().process.program.engine.is_pulley());
        signals::set_safepoint_word(store.data().memory, address, page);
    }
}
