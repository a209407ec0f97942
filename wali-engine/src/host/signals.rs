//! The host's side of the guest's signals: one handler, one slot a thread.
//!
//! The handler stores the signal in the thread's slot, raises the flags that make the guest's code
//! look, and leaves every signal blocked until the slot has been taken. Dispositions, masks and
//! queues stay the kernel's.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering, compiler_fence};

use super::context::Context;
use super::syscall::{self, Outcome, Place};
use crate::Errno;
use crate::guest::{GuestAddr, GuestMemory};
use crate::signal::{ACTIONS, Action, SIG_DFL, SIG_IGN, SigSet, Version};

/// The kernel's `siginfo_t`, as it wrote it.
pub(crate) type RawInfo = [u64; 16];

/// Bytes of a signal set, as the kernel counts them.
pub(crate) const SIGSET_BYTES: usize = size_of::<SigSet>();

/// A signal on its way to the guest's handler.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrived {
    /// Its number.
    pub(crate) signal: i32,
    /// All that the kernel told of it.
    pub(crate) info: RawInfo,
    /// The mask of the code it interrupted.
    pub(crate) mask: SigSet,
    /// What the guest wanted done with it when it arrived.
    pub(crate) action: Action,
    /// The version of that action.
    pub(crate) version: Version,
}

/// What one thread's handler and the thread itself tell each other.
struct Slot {
    /// 1 while `arrived` waits to be taken.
    pending: AtomicU32,
    arrived: Cell<Option<Arrived>>,
    /// The members of [`SigSet::FAULTS`] that the guest blocks; the kernel must not know.
    blocked_faults: Cell<SigSet>,
    /// Signals of [`SigSet::FAULTS`] that somebody sent while they could not be handled.
    held: [Cell<Option<RawInfo>>; SIGNAL_FAULTS.len()],
}

const SIGNAL_FAULTS: [i32; 4] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE];

thread_local! {
    // Constant and without a destructor: a handler may use it at any time.
    static SLOT: Slot = const {
        Slot {
            pending: AtomicU32::new(0),
            arrived: Cell::new(None),
            blocked_faults: Cell::new(SigSet::EMPTY),
            held: [const { Cell::new(None) }; SIGNAL_FAULTS.len()],
        }
    };
}

/// The word in guest memory that the guest's loops look at: the number of threads with a signal
/// waiting. Null while the module has no such loops.
static SAFEPOINT: AtomicPtr<AtomicU32> = AtomicPtr::new(ptr::null_mut());

/// Tells at which address, a multiple of 4, the word for the guest's loops is.
///
/// A guest that unmaps it ends by the next signal that it handles.
pub(crate) fn set_safepoint_word(memory: GuestMemory, address: GuestAddr) {
    let word = memory.host_ptr(address) as *mut AtomicU32;
    SAFEPOINT.store(word, Ordering::Release);
}

fn count_waiting(change: impl Fn(&AtomicU32)) {
    let word = SAFEPOINT.load(Ordering::Acquire);
    // SAFETY: the address is aligned and in the reservation, which nothing else uses.
    if let Some(word) = unsafe { word.as_ref() } {
        change(word);
    }
}

/// Whether a signal waits for the calling thread's guest.
#[inline]
pub(crate) fn is_pending() -> bool {
    SLOT.with(|slot| slot.pending.load(Ordering::Relaxed) != 0)
}

/// Takes the signal that waits. Every signal stays blocked until [`set_mask`].
pub(crate) fn take() -> Option<Arrived> {
    SLOT.with(|slot| {
        if slot.pending.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let arrived = slot.arrived.take();
        slot.pending.store(0, Ordering::Relaxed);
        count_waiting(|word| {
            word.fetch_sub(1, Ordering::Relaxed);
        });
        arrived
    })
}

/// Makes a system call for the guest: not while a signal waits, and never so that one is missed.
///
/// # Safety
/// As for [`syscall::interruptible`].
#[inline]
pub(crate) unsafe fn interruptible(number: usize, args: &[usize; 6]) -> Outcome {
    // SAFETY: the caller's promise.
    SLOT.with(|slot| unsafe { syscall::interruptible(&slot.pending, number, args) })
}

/// In a new child process, whose only thread this is: the parent's other threads wait no more.
pub(crate) fn forget_other_threads() {
    let own = u32::from(is_pending());
    count_waiting(|word| word.store(own, Ordering::Relaxed));
}

/// Changes the calling thread's mask as `rt_sigprocmask` does and returns the one before; `None`
/// when a signal has to be handled first.
///
/// # Errors
/// - `EINVAL`: `how` is none of the three.
pub(crate) fn change_mask(how: i32, set: Option<SigSet>) -> Result<Option<SigSet>, Errno> {
    let kernel_set = set.map(|set| set.without(SigSet::FAULTS));
    let mut old = SigSet::EMPTY;
    let new = kernel_set.as_ref().map_or(ptr::null(), ptr::from_ref);
    let args = [
        how as usize,
        new.addr(),
        (&raw mut old).addr(),
        SIGSET_BYTES,
        0,
        0,
    ];
    // SAFETY: both sets outlive the call.
    match unsafe { interruptible(libc::SYS_rt_sigprocmask as usize, &args) } {
        Outcome::Interrupted => return Ok(None),
        Outcome::Done(result) => Errno::check(result)?,
    };
    let blocked = SLOT.with(|slot| slot.blocked_faults.get());
    if let Some(set) = set {
        let faults = set.intersection(SigSet::FAULTS);
        let faults = match how {
            libc::SIG_BLOCK => blocked.union(faults),
            libc::SIG_UNBLOCK => blocked.without(faults),
            _ => faults,
        };
        correct_arrived_faults(faults);
        block_faults(faults);
    }
    Ok(Some(old.union(blocked)))
}

/// A signal that the kernel's part of a new mask has let in came under the whole of it.
fn correct_arrived_faults(faults: SigSet) {
    SLOT.with(|slot| {
        if let Some(mut arrived) = slot.arrived.get() {
            arrived.mask = arrived.mask.without(SigSet::FAULTS).union(faults);
            slot.arrived.set(Some(arrived));
        }
    });
}

/// Sets the calling thread's mask. Signals that it unblocks have arrived when this returns.
pub(crate) fn set_mask(mask: SigSet) {
    block_faults(mask.intersection(SigSet::FAULTS));
    set_kernel_mask(mask.without(SigSet::FAULTS));
}

/// Blocks every signal and returns the mask before; `None` when a signal has to be handled first.
pub(crate) fn block_all() -> Option<SigSet> {
    change_mask(libc::SIG_SETMASK, Some(SigSet::FULL))
        .ok()
        .flatten()
}

/// Runs `exec`, which starts another program or fails, while the kernel sees all that such a
/// program inherits of the guest's: the whole `mask`, and fault signals that are ignored.
pub(crate) fn with_inherited_state<T>(mask: SigSet, exec: impl FnOnce() -> T) -> T {
    let ignored = SIGNAL_FAULTS
        .iter()
        .filter(|&&fault| ACTIONS.get(fault).0.handler == SIG_IGN);
    let mut handlers = Vec::new();
    for &fault in ignored {
        if let Ok(handler) = KernelAction::plain(libc::SIG_IGN).install(fault) {
            handlers.push((fault, handler));
        }
    }
    set_kernel_mask(mask);
    let result = exec();
    set_kernel_mask(SigSet::FULL.without(SigSet::FAULTS));
    for (fault, handler) in handlers {
        let _ = handler.install(fault);
    }
    result
}

fn set_kernel_mask(mask: SigSet) {
    let args = [
        libc::SIG_SETMASK as usize,
        (&raw const mask).addr(),
        0,
        SIGSET_BYTES,
        0,
        0,
    ];
    // SAFETY: the set outlives the call. The call cannot fail.
    let _ = unsafe { syscall::immediate(libc::SYS_rt_sigprocmask, &args) };
}

/// Sets which fault signals the guest blocks; those held that no longer are get sent anew.
fn block_faults(faults: SigSet) {
    SLOT.with(|slot| {
        slot.blocked_faults.set(faults);
        for (held, signal) in slot.held.iter().zip(SIGNAL_FAULTS) {
            if faults.contains(signal) {
                continue;
            }
            if let Some(info) = held.take() {
                requeue(signal, &info);
            }
        }
    });
}

/// The signals that wait until the guest unblocks them; `None` when one has to be handled first.
///
/// # Errors
/// The kernel's.
pub(crate) fn pending_set() -> Result<Option<SigSet>, Errno> {
    let mut set = SigSet::EMPTY;
    let args = [(&raw mut set).addr(), SIGSET_BYTES, 0, 0, 0, 0];
    // SAFETY: the set outlives the call.
    match unsafe { interruptible(libc::SYS_rt_sigpending as usize, &args) } {
        Outcome::Interrupted => return Ok(None),
        Outcome::Done(result) => Errno::check(result)?,
    };
    let held = SLOT.with(|slot| {
        let held = slot.held.iter().zip(SIGNAL_FAULTS);
        held.filter(|(held, _)| held.get().is_some())
            .fold(SigSet::EMPTY, |set, (_, signal)| set.with(signal))
    });
    Ok(Some(set.union(held)))
}

/// Takes a fault signal of `wanted` that was sent and waits until it is unblocked.
pub(crate) fn take_held(wanted: SigSet) -> Option<(i32, RawInfo)> {
    SLOT.with(|slot| {
        let mut held = slot.held.iter().zip(SIGNAL_FAULTS);
        held.find_map(|(held, signal)| {
            let info = if wanted.contains(signal) {
                held.take()
            } else {
                None
            };
            Some((signal, info?))
        })
    })
}

/// Sends `signal` to the calling thread with the siginfo it once came with.
fn requeue(signal: i32, info: &RawInfo) {
    let (process, thread) = (std::process::id() as usize, thread_id());
    let args = [
        process,
        thread,
        signal as usize,
        ptr::from_ref(info).addr(),
        0,
        0,
    ];
    // SAFETY: the siginfo outlives the call. It can only fail when the queue is full, as for any
    // sender.
    let _ = unsafe { syscall::immediate(libc::SYS_rt_tgsigqueueinfo, &args) };
}

/// The calling thread's id.
pub(crate) fn thread_id() -> usize {
    // SAFETY: no arguments.
    unsafe { libc::gettid() as usize }
}

/// Ends the process as `signal`'s default action does, if that ends processes.
pub(super) fn act_by_default(signal: i32) {
    let default = KernelAction::plain(libc::SIG_DFL);
    let _ = default.install(signal);
    act_as_kernel(signal);
}

/// Sends `signal` to the calling thread: what is done with it is the kernel's business.
pub(crate) fn act_as_kernel(signal: i32) {
    let args = [
        std::process::id() as usize,
        thread_id(),
        signal as usize,
        0,
        0,
        0,
    ];
    // SAFETY: raising a signal for the calling thread; there is always room for one.
    let _ = unsafe { syscall::immediate(libc::SYS_tgkill, &args) };
}

/// The kernel's `struct sigaction`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(super) struct KernelAction {
    handler: usize,
    flags: usize,
    #[cfg(target_arch = "x86_64")]
    restorer: usize,
    mask: SigSet,
}

impl KernelAction {
    const EMPTY: KernelAction = KernelAction {
        handler: libc::SIG_DFL,
        flags: 0,
        #[cfg(target_arch = "x86_64")]
        restorer: 0,
        mask: SigSet::EMPTY,
    };

    fn plain(handler: usize) -> KernelAction {
        KernelAction {
            handler,
            ..KernelAction::EMPTY
        }
    }

    /// An action that calls `handler` on the thread's alternate stack with everything blocked.
    pub(super) fn calling(
        handler: extern "C" fn(c_int, *mut RawInfo, *mut c_void),
        flags: i32,
    ) -> KernelAction {
        #[cfg(target_arch = "x86_64")]
        let (restorer, restorer_flag) = (
            (wali_sigreturn as unsafe extern "C" fn() as *const ()).addr(),
            0x0400_0000,
        );
        #[cfg(not(target_arch = "x86_64"))]
        let restorer_flag = 0;
        let flags = flags | libc::SA_SIGINFO | libc::SA_ONSTACK | restorer_flag;
        KernelAction {
            handler: (handler as *const ()).addr(),
            flags: flags as usize,
            #[cfg(target_arch = "x86_64")]
            restorer,
            mask: SigSet::FULL,
        }
    }

    /// Installs the action and returns the one before.
    pub(super) fn install(&self, signal: i32) -> Result<KernelAction, Errno> {
        KernelAction::exchange(signal, ptr::from_ref(self))
    }

    fn current(signal: i32) -> Result<KernelAction, Errno> {
        KernelAction::exchange(signal, ptr::null())
    }

    fn exchange(signal: i32, new: *const KernelAction) -> Result<KernelAction, Errno> {
        let mut old = KernelAction::EMPTY;
        let args = [
            signal as usize,
            new.addr(),
            (&raw mut old).addr(),
            SIGSET_BYTES,
            0,
            0,
        ];
        // SAFETY: both structures outlive the call; the handlers are the ones of this module and
        // `faults`, or the kernel's two.
        unsafe { syscall::immediate(libc::SYS_rt_sigaction, &args)? };
        Ok(old)
    }

    /// The handler's address, or `SIG_DFL` or `SIG_IGN`.
    pub(super) fn handler(&self) -> usize {
        self.handler
    }
}

/// The guest's flags that the kernel has to know.
const KERNEL_FLAGS: u32 =
    (libc::SA_RESTART | libc::SA_RESETHAND | libc::SA_NOCLDSTOP | libc::SA_NOCLDWAIT)
        .cast_unsigned();

/// Changes (with `new`) and returns the action for `signal`.
///
/// # Errors
/// - `EINVAL`: no such signal, or `new` for one that cannot be handled.
pub(crate) fn exchange_action(signal: i32, new: Option<Action>) -> Result<Action, Errno> {
    if !(1..=64).contains(&signal) || new.is_some() && SigSet::UNSTOPPABLE.contains(signal) {
        return Err(Errno::EINVAL);
    }
    let table = ACTIONS.lock();
    let old = if ACTIONS.is_untouched(signal) {
        inherited(signal)?
    } else {
        ACTIONS.get(signal).0
    };
    let Some(new) = new else { return Ok(old) };
    // The kernel's handler for these is the engine's, whatever the guest wants.
    if SigSet::FAULTS.contains(signal) {
        table.set(signal, new);
        return Ok(old);
    }
    let flags = (new.flags & KERNEL_FLAGS).cast_signed();
    if new.is_handled() {
        // The handler, once the kernel knows it, finds its action.
        table.set(signal, new);
        KernelAction::calling(on_signal, flags).install(signal)?;
    } else {
        let ignores = new.handler == SIG_IGN;
        let mut plain = KernelAction::plain(if ignores {
            libc::SIG_IGN
        } else {
            libc::SIG_DFL
        });
        plain.flags = flags as usize;
        plain.install(signal)?;
        table.set(signal, new);
    }
    Ok(old)
}

/// The action that the process was started with.
fn inherited(signal: i32) -> Result<Action, Errno> {
    let current = KernelAction::current(signal)?;
    Ok(Action::plain(if current.handler == libc::SIG_IGN {
        SIG_IGN
    } else {
        SIG_DFL
    }))
}

extern "C" fn on_signal(signal: c_int, info: *mut RawInfo, context: *mut c_void) {
    // SAFETY: the kernel calls this handler with its own frame.
    let (info, mut context) = unsafe { (info.read(), Context::new(context)) };
    arrive(signal, info, &mut context);
}

/// Stores a signal in the thread's slot and changes the interrupted code's context accordingly.
pub(super) fn arrive(signal: i32, info: RawInfo, context: &mut Context) {
    let (action, version) = ACTIONS.get(signal);
    SLOT.with(|slot| {
        let mask = context
            .mask()
            .without(SigSet::FAULTS)
            .union(slot.blocked_faults.get());
        slot.arrived.set(Some(Arrived {
            signal,
            info,
            mask,
            action,
            version,
        }));
        compiler_fence(Ordering::Release);
        slot.pending.store(1, Ordering::Relaxed);
    });
    count_waiting(|word| {
        word.fetch_add(1, Ordering::Relaxed);
    });
    context.set_mask(SigSet::FULL.without(SigSet::FAULTS));
    leave_window(context);
}

/// Keeps a call from being made (again) before the guest's handler has run.
fn leave_window(context: &mut Context) {
    match syscall::place(context.pc()) {
        Place::Elsewhere => {}
        // The kernel stands ready to go on with a call that a stop interrupted. Once a handler has
        // run there is no going on.
        Place::Instruction if context.call_number() == libc::SYS_restart_syscall as usize => {
            context.set_result(-i64::from(libc::EINTR));
            context.set_pc(syscall::after_call());
        }
        Place::Window | Place::Instruction => context.set_pc(syscall::interrupted_exit()),
    }
}

/// Receives a fault signal that somebody sent, in the fault handler.
pub(super) fn fault_sent(signal: i32, info: RawInfo, context: &mut Context) {
    let (action, _) = ACTIONS.get(signal);
    let hold = SLOT.with(|slot| {
        let busy = slot.pending.load(Ordering::Relaxed) != 0;
        let hold = slot.blocked_faults.get().contains(signal) || busy && action.is_handled();
        if hold && let Some(place) = SIGNAL_FAULTS.iter().position(|&fault| fault == signal) {
            // A second one coalesces, as ordinary signals do.
            slot.held[place].set(Some(info));
        }
        hold
    });
    match action.handler {
        _ if hold => {}
        SIG_IGN => {}
        SIG_DFL => act_by_default(signal),
        _ => arrive(signal, info, context),
    }
}

#[cfg(target_arch = "x86_64")]
unsafe extern "C" {
    fn wali_sigreturn();
}

#[cfg(target_arch = "x86_64")]
std::arch::global_asm!(
    ".pushsection .text.wali_sigreturn,\"ax\",@progbits",
    ".globl wali_sigreturn",
    ".hidden wali_sigreturn",
    ".type wali_sigreturn, @function",
    // Unwinders look up the byte before the return address.
    "nop",
    "wali_sigreturn:",
    "mov eax, 15",
    "syscall",
    ".size wali_sigreturn, . - wali_sigreturn",
    ".popsection",
);
