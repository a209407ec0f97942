//! How much stack the guest has.

use crate::kernel::process;

/// The stack that the engine's own functions need below the guest's frames, in bytes.
const HOST_STACK: usize = 512 << 10;

/// The most stack the guest gets where the process has no limit, in bytes.
const UNLIMITED_STACK: u64 = 256 << 20;

/// The stack of a thread that runs the guest, in bytes.
pub(crate) fn thread_stack_bytes() -> usize {
    guest_stack_bytes() + HOST_STACK
}

/// The guest's share of the process's stack, in bytes.
pub(crate) fn guest_stack_bytes() -> usize {
    let bytes = process::stack_limit().soft.unwrap_or(UNLIMITED_STACK);
    let bytes = usize::try_from(bytes.min(UNLIMITED_STACK)).unwrap_or(0);
    bytes.saturating_sub(HOST_STACK).max(HOST_STACK)
}
