//! Direct calls: the way from compiled code to the kernel with nothing in between.
//!
//! A host function of wasmtime's is reached through a trampoline that puts the arguments into an
//! array, a catcher of panics, and the function that takes them out again. For a call that goes to
//! the kernel as it is, that takes longer than everything else the engine does. So such calls have
//! stubs in assembly language (`build/direct.rs` writes them): they move the arguments to where the
//! kernel expects them, with pointers moved into the guest's memory, and make the call in a window as
//! `kernel/syscall.rs` does.
//!
//! Whatever is not plain goes the slow way, through the trampoline and the host function as if there
//! were no stub: a signal that waits before the call, and one that waits after it, for which the
//! result is put aside (`flags::take_made`).
//!
//! An instance holds the address that compiled code calls for each of its imports. [`DirectCalls`]
//! replaces it where there is a stub. Only compiled code calls that address, never wasmtime.

#[cfg_attr(not(target_arch = "x86_64"), path = "direct/none.rs")]
#[cfg_attr(target_arch = "x86_64", path = "direct/x86_64.rs")]
mod stubs;

use std::ffi::c_void;
use std::sync::atomic::{AtomicUsize, Ordering};

use wali_contract::IMPORTS_EXPORT;
use wasmtime::{AsContextMut as _, Instance, Store};
use wasmtime_environ::{HostPtr, PtrSize as _, VM_ARRAY_CALL_HOST_FUNC_MAGIC};

use super::flags::pending_flag;

pub(super) use stubs::{exit_after_fault, will_look, windows};

/// The imports that have stubs, sorted.
const NAMES: &[&str] = &include!(concat!(env!("OUT_DIR"), "/direct.rs"));

/// For each stub the address that compiled code would call without it.
static SLOW: [AtomicUsize; NAMES.len()] = [const { AtomicUsize::new(0) }; NAMES.len()];

/// The host address of guest address 0.
static BASE: AtomicUsize = AtomicUsize::new(0);

/// How far a thread's flag for waiting signals is from its thread pointer: the same for all threads,
/// since the variables of the program itself, unlike those of libraries loaded later, are at fixed
/// distances.
static PENDING: AtomicUsize = AtomicUsize::new(0);

/// The imports of a module that its instances can call directly.
#[derive(Debug, Default)]
pub(crate) struct DirectCalls {
    /// The number of the import among the functions, and of the stub.
    calls: Vec<(usize, usize)>,
}

impl DirectCalls {
    /// Adds the imported function number `import`, if there is a stub for it.
    pub(crate) fn add(&mut self, import: usize, name: &str) {
        if let Ok(stub) = NAMES.binary_search(&name) {
            self.calls.push((import, stub));
        }
    }

    /// Makes the calls of `instance`, which was made of the module with these imports, direct.
    /// `memory_base` is the host address of guest address 0.
    ///
    /// # Errors
    /// The instance's imports are not where they are expected: this is not the wasmtime that the
    /// engine was written for.
    pub(crate) fn install<T: 'static>(
        &self,
        store: &mut Store<T>,
        instance: &Instance,
        memory_base: usize,
    ) -> wasmtime::Result<()> {
        let Some(first) = instance.get_func(store.as_context_mut(), IMPORTS_EXPORT) else {
            return Ok(());
        };
        BASE.store(memory_base, Ordering::Relaxed);
        let distance = pending_flag().wrapping_sub(stubs::thread_pointer());
        PENDING.store(distance, Ordering::Relaxed);
        let imports = Imports(first.to_raw(store));
        for &(import, stub) in &self.calls {
            // SAFETY: `imports` is the array of the instance's imports, which has this one; no code
            // of the instance runs. The stub does for its caller what the host function does.
            if !unsafe { imports.make_direct(import, stub) } {
                let name = NAMES[stub];
                return Err(wasmtime::Error::msg(format!(
                    "internal error: the import {name} is not where wasmtime keeps it"
                )));
            }
        }
        Ok(())
    }
}

/// The array in an instance that describes its imported functions.
///
/// wasmtime hands out the address of such a description for an imported function that is exported
/// again. The module exports the first.
struct Imports(*mut c_void);

impl Imports {
    /// Makes compiled code call `stub` for the imported function number `import`. Returns whether it was done:
    /// it is not for a function that is none of the host's.
    ///
    /// # Safety
    /// The array is that of a live instance which nothing else uses meanwhile, and has this import.
    unsafe fn make_direct(&self, import: usize, stub: usize) -> bool {
        let layout = HostPtr.vm_function_import();
        let size = usize::from(layout.size());
        // SAFETY: the caller's promise, and the layout is that of the same version of wasmtime.
        unsafe {
            let import = self.0.byte_add(import * size);
            let context = import.byte_add(usize::from(layout.vmctx()));
            let magic = context.cast::<*const u32>().read().read();
            if magic != VM_ARRAY_CALL_HOST_FUNC_MAGIC {
                return false;
            }
            let called = import
                .byte_add(usize::from(layout.wasm_call()))
                .cast::<usize>();
            SLOW[stub].store(called.read(), Ordering::Relaxed);
            called.write(stubs::stub(stub));
        }
        true
    }
}
