//! Faults of the running code: `SIGSEGV`, `SIGBUS`, `SIGILL` and `SIGFPE`.
//!
//! A fault in a copy to or from guest memory becomes the copy's failure. A fault of the guest's own
//! code runs the guest's handler right there (`deliver.rs`), if it has one; otherwise it goes on to
//! wasmtime, which makes a trap of it. The same signals sent by somebody are ordinary signals of the
//! guest.

mod deliver;
mod explain;
mod saved;
mod traps;

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::actions::{ACTIONS, Action, SIG_IGN};
use super::{direct, slot};
use crate::kernel::context::Context;
use crate::kernel::sigaction::{KernelAction, RawInfo, act_by_default, is_ignored};
use crate::kernel::{Errno, SigSet, copy};

pub(crate) use deliver::{Fault, enter, last_jump, last_signal, set_last_jump, take};
pub(crate) use traps::signal_of;

/// wasmtime's handler, the same one for every signal it handles.
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// Notes which of these signals the process was started to ignore. To be called before any handler is
/// installed.
pub(crate) fn remember_ignored() {
    for signal in (1..=64).filter(|&signal| SigSet::FAULTS.contains(signal)) {
        if is_ignored(signal) {
            ACTIONS.lock().set(signal, Action::plain(SIG_IGN));
        }
    }
}

/// Puts this handler before wasmtime's, if that is there already. Further calls do nothing.
///
/// # Errors
/// The kernel's.
pub(crate) fn install() -> Result<(), Errno> {
    for signal in 1..=64 {
        if !SigSet::FAULTS.contains(signal) {
            continue;
        }
        let new = KernelAction::calling(on_fault, libc::SA_RESTART);
        let old = new.install(signal)?;
        match old.handler() {
            same if same == new.handler() => {}
            libc::SIG_DFL | libc::SIG_IGN => {}
            handler => NEXT.store(handler, Ordering::Release),
        }
    }
    Ok(())
}

extern "C" fn on_fault(signal: c_int, info: *mut RawInfo, raw_context: *mut c_void) {
    // SAFETY: the kernel calls this handler with its own frame.
    let (copied, mut context) = unsafe { (info.read(), Context::new(raw_context)) };
    // The third word of siginfo_t is si_code; a sender's is never positive.
    let code = copied[1] as u32 as i32;
    if code <= 0 {
        slot::fault_sent(signal, copied, &mut context);
        return;
    }
    let pc = context.pc();
    if let Some(exit) = copy::exit_after_fault(pc).or_else(|| direct::exit_after_fault(pc)) {
        context.set_pc(exit);
        return;
    }
    if deliver::at_poll(&copied, &mut context) {
        return;
    }
    deliver::set_last_signal(signal);
    if deliver::to_guest(signal, &copied, &mut context) {
        return;
    }
    let next = NEXT.load(Ordering::Acquire);
    if next == 0 {
        act_by_default(signal);
        return;
    }
    // SAFETY: the address is that of a handler installed with SA_SIGINFO.
    unsafe {
        let next: extern "C" fn(c_int, *mut RawInfo, *mut c_void) = std::mem::transmute(next);
        next(signal, info, raw_context);
    }
    // After a fault of compiled code the thread now goes on elsewhere. Any other ends the process, by the default
    // action that wasmtime has put in force.
    if context.pc() == pc {
        explain::explain(signal, copied[2]);
    }
}
