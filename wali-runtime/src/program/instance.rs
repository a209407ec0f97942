//! Instances of the program's module: one a thread, over the same memory.

use std::fmt;

use wali_contract::{FAULT_EXPORT, FUNCTION_TABLE, POLL_AT, STACK_POINTER_EXPORT, WORD_EXPORT};
use wasmtime::{AsContextMut as _, Instance, InstancePre, Store};

use super::task::Task;
use crate::memory::GuestAddr;
use crate::signals;
use crate::signals::direct::DirectCalls;

/// A module with what serves its imports, ready to be instantiated for any number of threads.
pub(crate) struct Linked {
    module: InstancePre<Task>,
    /// The calls that go to the kernel with nothing in between; none where each is to be seen.
    direct: Option<DirectCalls>,
}

impl Linked {
    /// The module whose imports are served as `module` says, `direct` calls apart.
    pub(crate) fn new(module: InstancePre<Task>, direct: Option<DirectCalls>) -> Linked {
        Linked { module, direct }
    }
}

impl fmt::Debug for Linked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Linked").field(self.module.module()).finish()
    }
}

/// Makes an instance of the program in `store`, that is for the calling thread.
///
/// # Errors
/// The module's start function failed.
pub(crate) fn instantiate(store: &mut Store<Task>) -> wasmtime::Result<Instance> {
    let linked = &store.data().process.linked;
    let instance = linked.module.instantiate(&mut *store)?;
    if let Some(direct) = &linked.direct {
        let base = store.data().memory.base();
        direct.install(store, &instance, base)?;
    }
    store.data_mut().table = instance.get_table(store.as_context_mut(), FUNCTION_TABLE);
    attach_signals(store, &instance);
    Ok(instance)
}

/// Finds what signals need of a new instance, the calling thread's.
fn attach_signals(store: &mut Store<Task>, instance: &Instance) {
    let stack_pointer = instance.get_global(store.as_context_mut(), STACK_POINTER_EXPORT);
    store.data_mut().signals.stack_pointer = stack_pointer;
    let fault_entry = instance.get_func(store.as_context_mut(), FAULT_EXPORT);
    store.data_mut().signals.fault_entry = fault_entry;
    let Some(word) = instance.get_global(store.as_context_mut(), WORD_EXPORT) else {
        return;
    };
    if let Some(address) = word.get(store.as_context_mut()).i32() {
        let address = GuestAddr(address.cast_unsigned());
        let page = POLL_AT.map(|distance| GuestAddr(address.0 + distance));
        let page = page.filter(|_| !store.data().process.program.engine.is_pulley());
        signals::set_safepoint_word(store.data().memory, address, page);
    }
}
