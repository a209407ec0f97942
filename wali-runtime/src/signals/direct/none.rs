//! The stubs on processors that have none.

use crate::kernel::syscall::Window;

/// There is none.
pub(super) fn stub(_index: usize) -> usize {
    0
}

/// None.
pub(in crate::signals) fn windows() -> [Window; 0] {
    []
}

/// No.
pub(in crate::signals) fn will_look(_pc: usize) -> bool {
    false
}

/// Nowhere.
pub(in crate::signals) fn exit_after_fault(_pc: usize) -> Option<usize> {
    None
}

/// Nobody asks for it.
pub(super) fn thread_pointer() -> usize {
    0
}
