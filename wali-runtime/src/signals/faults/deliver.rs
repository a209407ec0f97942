//! Running the guest's handler where its code faulted.
//!
//! The host's signal handler cannot run the guest's: it interrupted compiled code at an instruction that is no
//! call. So it saves the registers on the thread's stack and makes the thread go on in a function of the module,
//! as if the faulting instruction had called it. That function only passes a safepoint, where the guest's handler
//! runs as at any other. When the handler returns, the instruction is executed again. When it leaves by
//! siglongjmp, the exception finds ordinary frames of the guest's.
//!
//! `memory.copy` and `memory.fill` run in the host's libc. At a fault there the thread goes on in a function of
//! the host's instead, which runs the guest's handler. Nothing can jump out of that one, since the frames of the
//! libc lie between.

use std::cell::Cell;
use std::ffi::c_int;
use std::ptr;

use wasmtime::{AsContextMut as _, Func, Module, Store, Trap};

use super::saved::Saved;
use super::traps;
use crate::kernel::SigSet;
use crate::kernel::context::Context;
use crate::kernel::sigaction::{RawInfo, sigreturn_address};
use crate::memory::reservation_holds;
use crate::signals::actions::ACTIONS;
use crate::signals::{flags, poll, slot};

/// A fault of the guest's code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    /// The signal that a native program would have got; `None` at a safepoint's read of the closed page.
    pub(crate) signal: Option<i32>,
    /// The siginfo that a native program would have got, with a host address.
    pub(crate) info: RawInfo,
    /// The mask of the code that faulted; `None` when it is kept with another signal that waits.
    pub(crate) mask: Option<SigSet>,
    /// The registers of the code that faulted; `None` when it cannot go on.
    saved: Option<Saved>,
}

/// What the host's signal handler knows of the thread's guest.
struct Guest {
    /// The `Store<T>` of the guest; null while there is none.
    store: Cell<*mut ()>,
    /// What is called when a library function faults.
    in_library: Cell<Option<InLibrary>>,
    /// The signal of the last fault of the guest's code.
    last: Cell<Option<i32>>,
    /// Where the thread goes on after a fault of compiled code.
    entry: Cell<Option<Entry>>,
    /// The fault that the next safepoint handles.
    fault: Cell<Option<Fault>>,
    /// The signal of a fault whose handler left by an exception.
    jumped: Cell<Option<i32>>,
}

/// The module's function that passes a safepoint.
#[derive(Clone, Copy)]
struct Entry {
    code: usize,
    instance: usize,
}

thread_local! {
    // Constant and without a destructor: a handler may use it at any time.
    static GUEST: Guest = const {
        Guest {
            store: Cell::new(ptr::null_mut()),
            in_library: Cell::new(None),
            last: Cell::new(None),
            entry: Cell::new(None),
            fault: Cell::new(None),
            jumped: Cell::new(None),
        }
    };
}

/// A function that is called when a library function faults. The type of its store is not kept, since a
/// thread-local variable cannot be generic.
#[derive(Clone, Copy)]
struct InLibrary {
    /// [`tell`] for the type of the store.
    call: unsafe fn(store: *mut (), told: *const (), is_handled: bool),
    /// The function, as [`tell`] takes it.
    told: *const (),
}

/// Calls `told`, a `fn(&mut Store<T>, bool)`.
///
/// # Safety
/// `store` is a `Store<T>` that nothing else uses meanwhile.
unsafe fn tell<T: 'static>(store: *mut (), told: *const (), is_handled: bool) {
    // SAFETY: `enter` has stored both together with this function for the same `T`; the caller's
    // promise.
    unsafe {
        let told = std::mem::transmute::<*const (), fn(&mut Store<T>, bool)>(told);
        told(&mut *store.cast::<Store<T>>(), is_handled);
    }
}

/// Notes that from now on until its end the calling thread runs compiled code of `module` in `store`.
///
/// `entry` is the module's function that passes a safepoint, if it has one. `told` is called when a library
/// function that stands for an instruction faults; its second argument says whether the guest handles the fault.
///
/// The store must stay where it is for as long as guest code runs.
pub(crate) fn enter<T: 'static>(
    store: &mut Store<T>,
    module: &'static Module,
    entry: Option<Func>,
    told: fn(&mut Store<T>, bool),
) {
    traps::find(module);
    let entry = entry.map(|function| {
        let raw = function.to_raw(store.as_context_mut());
        // SAFETY: wasmtime describes a function by four words: its code for callers of two
        // conventions, its type, and its instance.
        let [_, code, _, instance] = unsafe { raw.cast::<[usize; 4]>().read() };
        Entry { code, instance }
    });
    GUEST.with(|guest| {
        guest
            .entry
            .set(entry.filter(|entry| traps::is_code(entry.code)));
        guest.in_library.set(Some(InLibrary {
            call: tell::<T>,
            told: told as *const (),
        }));
        guest.store.set(ptr::from_mut(store).cast());
    });
}

/// The signal of the calling thread's last fault in the guest's code.
pub(crate) fn last_signal() -> Option<i32> {
    GUEST.with(|guest| guest.last.get())
}

/// Notes that the guest's code has faulted.
pub(super) fn set_last_signal(signal: i32) {
    GUEST.with(|guest| guest.last.set(Some(signal)));
}

/// Takes the fault that the safepoint has to handle, if the calling thread has one.
#[inline]
pub(crate) fn take() -> Option<Fault> {
    GUEST.with(|guest| guest.fault.take())
}

/// The signal of the last fault whose handler the calling thread left by an exception.
pub(crate) fn last_jump() -> Option<i32> {
    GUEST.with(|guest| guest.jumped.get())
}

/// Notes that an exception leaves the handler of a fault with this signal.
pub(crate) fn set_last_jump(signal: i32) {
    GUEST.with(|guest| guest.jumped.set(Some(signal)));
}

impl Fault {
    /// Makes a fault whose code cannot go on.
    pub(crate) fn final_one(signal: i32, address: usize, mask: SigSet) -> Fault {
        const MAPERR: u64 = 1;
        Fault {
            signal: Some(signal),
            info: info(signal, MAPERR, address as u64),
            mask: Some(mask),
            saved: None,
        }
    }

    /// Leaves it to the next safepoint.
    pub(crate) fn leave(self) {
        GUEST.with(|guest| guest.fault.set(Some(self)));
    }

    /// Makes the thread execute the faulting instruction again, under `mask`, when the host function that runs
    /// now returns to the guest.
    pub(crate) fn go_on(&self, mask: SigSet) {
        if let Some(saved) = self.saved {
            // SAFETY: the function that was called in between calls this one.
            unsafe { saved.resume_on_return(mask.without(SigSet::FAULTS)) };
        }
    }
}

/// Makes the thread run the handlers of signals that wait, if this fault is a safepoint's read of the closed
/// page. Returns whether it is one.
pub(super) fn at_poll(info: &RawInfo, context: &mut Context) -> bool {
    let page = poll::page().map(|page| page as u64);
    if page != Some(info[2]) || traps::at(context.pc()) != Some(Trap::MemoryOutOfBounds) {
        return false;
    }
    let entry = GUEST.with(|guest| guest.entry.get());
    let Some(entry) = entry.filter(|_| flags::is_pending()) else {
        // The page is closed since a signal waits for another thread.
        skip_read(context);
        return true;
    };
    let pc = context.pc();
    // SAFETY: as in `in_code`.
    let saved = unsafe { Saved::call(context, entry.code, entry.instance, pc) };
    GUEST.with(|guest| leave(guest, None, [0; 16], saved, context))
}

/// Makes the thread go on behind the safepoint's read of a byte, or try it again when the read is of another form.
///
/// The register gets 0. Safepoints do not use it, but it may hold an address of the host's, and a module that
/// reads the page by an instruction of its own must not see that.
fn skip_read(context: &mut Context) {
    // SAFETY: the instruction, of up to 15 bytes, was just executed; code is followed by more.
    let bytes = unsafe { (context.pc() as *const [u8; 16]).read_unaligned() };
    match read_of_byte(&bytes) {
        Some((len, register)) => {
            context.set_register(register, 0);
            context.set_pc(context.pc() + len);
        }
        None => std::thread::yield_now(),
    }
}

/// Decodes an x86 `movzx` of a byte in memory: its length, and the number of the register that it fills.
fn read_of_byte(bytes: &[u8; 16]) -> Option<(usize, usize)> {
    const SIB: u8 = 4;
    let has_prefix = bytes[0] & 0xf0 == 0x40;
    let prefix = usize::from(has_prefix);
    if bytes[prefix..prefix + 2] != [0x0f, 0xb6] {
        return None;
    }
    let (mode, base) = (bytes[prefix + 2] >> 6, bytes[prefix + 2] & 7);
    let high = if has_prefix { bytes[0] << 1 & 8 } else { 0 };
    let register = usize::from(bytes[prefix + 2] >> 3 & 7 | high);
    let sib = usize::from(base == SIB);
    let displacement = match mode {
        1 => 1,
        2 => 4,
        _ => return None,
    };
    Some((prefix + 3 + sib + displacement, register))
}

/// Makes the thread run the guest's handler, if there is one for this fault. Returns whether it does.
pub(super) fn to_guest(host_signal: c_int, info: &RawInfo, context: &mut Context) -> bool {
    GUEST.with(|guest| match traps::at(context.pc()) {
        Some(trap) => in_code(guest, trap, info, context),
        None if guest.store.get().is_null() || !reservation_holds(info[2]) => false,
        None => in_library(guest, host_signal, info, context),
    })
}

/// Handles a fault of an instruction of compiled code.
fn in_code(guest: &Guest, trap: Trap, info: &RawInfo, context: &mut Context) -> bool {
    let Some(entry) = guest.entry.get() else {
        return false;
    };
    let signal = traps::signal_of(trap, last_signal());
    // After an overflow no stack is left for the handler's frames.
    if trap == Trap::StackOverflow || !is_handled(signal) {
        return false;
    }
    let info = match trap {
        Trap::MemoryOutOfBounds => *info,
        _ => made_up(signal),
    };
    let pc = context.pc();
    // SAFETY: compiled code makes sure that far more than 64 KiB are left of its stack, and the function is
    // one of the module's without parameters.
    let saved = unsafe { Saved::call(context, entry.code, entry.instance, pc) };
    leave(guest, Some(signal), info, saved, context)
}

/// Handles a fault of a function of the host's libc that stands for an instruction.
fn in_library(guest: &Guest, signal: i32, info: &RawInfo, context: &mut Context) -> bool {
    let function = (handle_in_library as *const ()).addr();
    let sigreturn = sigreturn_address();
    // SAFETY: the host's functions below compiled code have that much stack.
    let saved = unsafe { Saved::call(context, function, 0, sigreturn) };
    leave(guest, Some(signal), *info, saved, context)
}

/// Leaves the fault to the next safepoint, with the registers that were saved. Returns whether they could be.
fn leave(
    guest: &Guest,
    signal: Option<i32>,
    info: RawInfo,
    saved: Option<Saved>,
    context: &mut Context,
) -> bool {
    if saved.is_none() {
        return false;
    }
    let mask = slot::interrupted_mask(context);
    guest.fault.set(Some(Fault {
        signal,
        info,
        mask,
        saved,
    }));
    context.set_mask(SigSet::FULL.without(SigSet::FAULTS));
    true
}

/// Whether a function of the guest handles `signal` now. As on Linux, a fault whose signal is blocked ends the
/// process.
fn is_handled(signal: i32) -> bool {
    ACTIONS.get(signal).0.is_handled() && !slot::is_fault_blocked(signal)
}

/// Calls the function that [`enter`] was given. It runs on the thread's stack, as if the library function that
/// faulted had called it.
extern "C" fn handle_in_library() {
    let (store, fault, in_library) =
        GUEST.with(|guest| (guest.store.get(), guest.fault.get(), guest.in_library.get()));
    let (Some(signal), Some(in_library)) = (fault.and_then(|fault| fault.signal), in_library)
    else {
        return;
    };
    set_last_signal(signal);
    // SAFETY: the thread runs this store's guest, whose frames have called the library; nothing
    // else uses the store before they go on.
    unsafe { (in_library.call)(store, in_library.told, is_handled(signal)) };
}

/// Makes the siginfo of a fault that has no address.
fn made_up(signal: i32) -> RawInfo {
    const ILL_ILLOPN: u64 = 2;
    // FPE_INTDIV, SEGV_MAPERR and BUS_ADRALN have the same number.
    const FIRST: u64 = 1;
    let code = if signal == libc::SIGILL {
        ILL_ILLOPN
    } else {
        FIRST
    };
    info(signal, code, 0)
}

fn info(signal: i32, code: u64, address: u64) -> RawInfo {
    let mut info = [0; 16];
    info[0] = signal as u64;
    info[1] = code;
    info[2] = address;
    info
}

#[cfg(test)]
mod tests {
    use super::read_of_byte;

    #[test]
    fn reads_are_as_long_as_they_are_encoded() {
        let read = |bytes: &[u8]| {
            let mut code = [0x90; 16];
            code[..bytes.len()].copy_from_slice(bytes);
            read_of_byte(&code)
        };
        // movzx eax, byte [rdi + 0x18000]; movzx r9d, byte [r12 + 0x18000]; byte [rdi + 8].
        assert_eq!(read(&[0x0f, 0xb6, 0x87, 0, 0x80, 1, 0]), Some((7, 0)));
        assert_eq!(
            read(&[0x45, 0x0f, 0xb6, 0x8c, 0x24, 0, 0x80, 1, 0]),
            Some((9, 9))
        );
        // movzx esi, byte [r8 + 8]: the prefix extends the base, not the register.
        assert_eq!(read(&[0x41, 0x0f, 0xb6, 0x70, 8]), Some((5, 6)));
        assert_eq!(read(&[0x0f, 0xb6, 0x47, 8]), Some((4, 0)));
        assert_eq!(read(&[0x8b, 0x47, 8]), None);
    }
}
