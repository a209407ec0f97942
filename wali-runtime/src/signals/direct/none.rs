//! What stands for the stubs on processors for which there are none: every call is a host function of wasmtime's.

use crate::kernel::syscall::Window;

/// The address of a stub. Never called, since no name has a stub.
pub(super) fn stub(_index: usize) -> usize {
    0
}

/// Where the stubs make their calls: no place.
pub(in crate::signals) fn windows() -> [Window; 0] {
    []
}

/// Whether a thread at `pc` is in a stub and looks for signals before it goes on: never.
pub(in crate::signals) fn will_look(_pc: usize) -> bool {
    false
}

/// Where a thread goes on whose stub faulted at `pc`: no stub can have.
pub(in crate::signals) fn exit_after_fault(_pc: usize) -> Option<usize> {
    None
}

/// The thread pointer, which only stubs need.
pub(super) fn thread_pointer() -> usize {
    0
}
