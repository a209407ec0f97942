//! The stacks on which the host's signal handlers run, kept from thread to thread: a new mapping for
//! each would cost more than the rest of a thread's start.

use std::mem;
use std::sync::{Mutex, PoisonError};

use super::mman;

/// Bytes of a stack: what wasmtime's handlers need. With less wasmtime makes a stack of its own.
const STACK_BYTES: usize = 256 << 10;
/// Inaccessible bytes below a stack.
const GUARD_BYTES: usize = 64 << 10;
/// The most stacks that are kept without a thread.
const MOST_FREE: usize = 64;

/// The mappings without a thread. Locked only while forks are kept away.
static FREE: Mutex<Vec<usize>> = Mutex::new(Vec::new());

/// The calling thread's stack for signal handlers. To be dropped by the same thread.
pub(crate) struct SignalStack {
    mapping: usize,
}

impl SignalStack {
    /// Gives the calling thread a stack; `None` when there is no memory for it, which wasmtime then finds too.
    pub(crate) fn install() -> Option<SignalStack> {
        let kept = free().pop();
        let mapping = match kept {
            Some(mapping) => mapping,
            None => map()?,
        };
        let stack = libc::stack_t {
            ss_sp: (mapping + GUARD_BYTES) as *mut libc::c_void,
            ss_flags: 0,
            ss_size: STACK_BYTES,
        };
        // SAFETY: the mapping belongs to this thread until it is given back.
        unsafe { libc::sigaltstack(&stack, std::ptr::null_mut()) };
        Some(SignalStack { mapping })
    }
}

impl Drop for SignalStack {
    fn drop(&mut self) {
        // SAFETY: all zero but for the flag is a valid description of no stack.
        unsafe {
            let mut none: libc::stack_t = mem::zeroed();
            none.ss_flags = libc::SS_DISABLE;
            libc::sigaltstack(&none, std::ptr::null_mut());
        }
        let mut free = free();
        if free.len() < MOST_FREE {
            free.push(self.mapping);
        } else {
            // SAFETY: no thread uses it any more.
            unsafe { mman::unmap(self.mapping, GUARD_BYTES + STACK_BYTES) };
        }
    }
}

fn free() -> std::sync::MutexGuard<'static, Vec<usize>> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn map() -> Option<usize> {
    let mapping = mman::anonymous(GUARD_BYTES + STACK_BYTES, libc::PROT_NONE).ok()?;
    let prot = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: the range was just mapped.
    unsafe { mman::protect(mapping + GUARD_BYTES, STACK_BYTES, prot) }.ok()?;
    Some(mapping)
}
