//! The guest's handlers for faults of its own code.

use wasmtime::{AsContextMut as _, Store, ThrownException, Trap, WasmBacktrace};

use super::delivery::{deliver_closed, deliver_one};
use crate::kernel::SigSet;
use crate::kernel::sigaction::RawInfo;
use crate::memory::GuestAddr;
use crate::program::{self, Cx, Task};
use crate::signals::actions::ACTIONS;
use crate::signals::faults::{self, Fault};
use crate::signals::{self, Arrived};

/// `SEGV_MAPERR`, for an address where nothing is mapped.
const SEGV_MAPERR: u64 = 1;

/// The host function behind the safepoints' import.
///
/// # Errors
/// What leaves a handler: an exception, the thread's end, a trap.
pub(crate) fn safepoint(mut cx: Cx<'_>) -> wasmtime::Result<()> {
    match faults::take() {
        Some(fault) => run(&mut cx, &fault),
        None => deliver_closed(&mut cx),
    }
}

/// Notes in the layers below that from now on until its end the calling thread runs the guest of `store`.
pub(crate) fn enter(store: &mut Store<Task>) {
    let program = &store.data().process.program;
    // The interpreter takes no faults.
    if !program.engine.is_pulley() {
        let entry = store.data().signals.fault_entry;
        faults::enter(store, &program.module, entry, fault_in_library);
    }
}

/// Runs the guest's handler for `fault`. Afterwards the instruction is executed again.
///
/// # Errors
/// What leaves the handler: an exception, the thread's end, a trap.
fn run(cx: &mut Cx<'_>, fault: &Fault) -> wasmtime::Result<()> {
    // A signal that waits came before the instruction.
    let mask = loop {
        deliver_closed(cx)?;
        if let Some(mask) = fault.mask.or_else(signals::block_all) {
            break mask;
        }
    };
    match fault.signal {
        Some(signal) => handle(cx, fault, signal, mask)?,
        None => signals::set_mask(mask),
    }
    fault.go_on(blocked_again(cx)?);
    Ok(())
}

fn handle(cx: &mut Cx<'_>, fault: &Fault, signal: i32, mask: SigSet) -> wasmtime::Result<()> {
    let (action, version) = ACTIONS.get(signal);
    if !action.is_handled() || mask.contains(signal) {
        // Then the instruction ends the process.
        signals::set_mask(mask);
        return Ok(());
    }
    let arrived = Arrived {
        signal,
        info: info(cx, fault),
        mask,
        action,
        version,
    };
    deliver_one(cx, &arrived).inspect_err(|error| {
        if error.is::<ThrownException>() {
            faults::set_last_jump(signal);
        }
    })
}

/// Blocks every signal until the interrupted code goes on, with the mask that is returned.
fn blocked_again(cx: &mut Cx<'_>) -> wasmtime::Result<SigSet> {
    loop {
        deliver_closed(cx)?;
        let Some(mask) = signals::block_all() else {
            continue;
        };
        signals::block_faults(mask.intersection(SigSet::FAULTS));
        if !signals::is_pending() {
            return Ok(mask);
        }
        signals::set_mask(mask);
    }
}

/// The siginfo of the fault for the guest. What is not mapped for the guest is inaccessible reservation to the
/// kernel, so its `SEGV_ACCERR` becomes `SEGV_MAPERR` there.
fn info(cx: &Cx<'_>, fault: &Fault) -> RawInfo {
    let mut info = fault.info;
    let memory = cx.data().memory;
    let place = usize::try_from(info[2]).ok();
    let place = place.and_then(|place| memory.guest_addr(place));
    if fault.signal == Some(libc::SIGSEGV)
        && let Some(GuestAddr(addr)) = place
        && !cx.data().process.mappings().is_mapped(GuestAddr(addr))
    {
        info[1] = SEGV_MAPERR;
    }
    info
}

/// Handles a fault in a library function that stands for an instruction: by the guest's handler, or
/// by the end of the process.
fn fault_in_library(store: &mut Store<Task>, is_handled: bool) {
    if is_handled
        && let Some(entry) = store.data().signals.fault_entry
        && let Ok(entry) = entry.typed::<(), ()>(&mut *store)
    {
        match entry.call(store.as_context_mut(), ()) {
            Ok(()) => return,
            Err(error) => program::end(&error),
        }
    }
    let backtrace = WasmBacktrace::force_capture(&mut *store);
    program::end(&wasmtime::Error::from(Trap::MemoryOutOfBounds).context(backtrace))
}

/// Ends the process because of `error`. Where the call stack was exhausted, the guest's handler runs first: it
/// had no room before the stack was unwound.
pub(crate) fn end(store: &mut Store<Task>, error: &wasmtime::Error) -> ! {
    let overflow = error.downcast_ref() == Some(&Trap::StackOverflow);
    if overflow && let Some(entry) = store.data().signals.fault_entry {
        let (signal, memory) = (libc::SIGSEGV, store.data().memory);
        let top = store.data().signals.stack_pointer;
        let top = top.and_then(|global| global.get(store.as_context_mut()).i32());
        let address = top.map_or(0, |top| memory.base() + top.cast_unsigned() as usize);
        if let Some(mask) = signals::block_all()
            && !mask.contains(signal)
            && ACTIONS.get(signal).0.is_handled()
            && let Ok(entry) = entry.typed::<(), ()>(&mut *store)
        {
            Fault::final_one(signal, address, mask).leave();
            // Whatever comes of it, there is no code left to go on.
            let _ = entry.call(store.as_context_mut(), ());
        }
    }
    program::end(error)
}
