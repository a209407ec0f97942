//! The last words of a process that dies of a fault outside of compiled code.

use std::ffi::c_int;

use crate::memory::reservation_holds;

/// Says what the process dies of: an access to the guest's memory that the host's own code made for
/// it (`memory.copy`), or a fault of the engine.
pub(super) fn explain(signal: c_int, address: u64) {
    let message: &[u8] = match (reservation_holds(address), signal) {
        (true, libc::SIGBUS) => b"wali-engine: access behind the end of a mapped file (SIGBUS)\n",
        (true, _) => b"wali-engine: invalid memory access (SIGSEGV)\n",
        (false, _) => b"wali-engine: internal error: a fault in the engine's own code\n",
    };
    // SAFETY: the message is valid for its length; write is allowed in a signal handler. Nobody is
    // left to tell when stderr is gone.
    unsafe { libc::write(2, message.as_ptr().cast(), message.len()) };
}
