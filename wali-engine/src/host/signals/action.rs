//! Actions as the kernel keeps them.

use std::ffi::{c_int, c_void};
use std::ptr;

use super::{RawInfo, SIGSET_BYTES, on_signal, thread_id};
use crate::Errno;
use crate::host::syscall;
use crate::signal::{ACTIONS, Action, SIG_DFL, SIG_IGN, SigSet};

/// Ends the process as `signal`'s default action does, if that ends processes.
pub(in crate::host) fn act_by_default(signal: i32) {
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
pub(in crate::host) struct KernelAction {
    handler: usize,
    flags: usize,
    /// Kernels that know it have it in their structure, aarch64's without ever using it.
    #[cfg(not(target_arch = "riscv64"))]
    restorer: usize,
    mask: SigSet,
    /// Where qemu 7.2 has the mask, and writes one, as if there were a restorer.
    #[cfg(target_arch = "riscv64")]
    mask_again: SigSet,
}

impl KernelAction {
    const EMPTY: KernelAction = KernelAction {
        handler: libc::SIG_DFL,
        flags: 0,
        #[cfg(not(target_arch = "riscv64"))]
        restorer: 0,
        mask: SigSet::EMPTY,
        #[cfg(target_arch = "riscv64")]
        mask_again: SigSet::EMPTY,
    };

    pub(super) fn plain(handler: usize) -> KernelAction {
        KernelAction {
            handler,
            ..KernelAction::EMPTY
        }
    }

    /// An action that calls `handler` on the thread's alternate stack with everything blocked.
    pub(in crate::host) fn calling(
        handler: extern "C" fn(c_int, *mut RawInfo, *mut c_void),
        flags: i32,
    ) -> KernelAction {
        let restorer_flag = match sigreturn_address() {
            0 => 0,
            _ => 0x0400_0000,
        };
        let flags = flags | libc::SA_SIGINFO | libc::SA_ONSTACK | restorer_flag;
        KernelAction {
            handler: (handler as *const ()).addr(),
            flags: flags as usize,
            #[cfg(not(target_arch = "riscv64"))]
            restorer: sigreturn_address(),
            mask: SigSet::FULL,
            #[cfg(target_arch = "riscv64")]
            mask_again: SigSet::FULL,
        }
    }

    /// Installs the action and returns the one before.
    pub(in crate::host) fn install(&self, signal: i32) -> Result<KernelAction, Errno> {
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
    pub(in crate::host) fn handler(&self) -> usize {
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

/// Whether the kernel ignores `signal`.
pub(in crate::host) fn is_ignored(signal: i32) -> bool {
    KernelAction::current(signal).is_ok_and(|current| current.handler == libc::SIG_IGN)
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

/// The signal that the host's libc takes for itself when a process starts its first thread.
const HOST_LIBC_SIGNAL: i32 = 33;

/// Runs `start`, which starts a thread, and gives the guest's action for a signal back that the
/// host's libc may have taken meanwhile.
pub(crate) fn keeping_actions<T>(start: impl FnOnce() -> T) -> T {
    let kept = || KernelAction::current(HOST_LIBC_SIGNAL);
    giving_back(HOST_LIBC_SIGNAL, kept, start)
}

/// Runs `write`, which writes a file of the engine's own. Where the limit on the size of files is in the
/// way, it fails, and no signal ends the program for it.
pub(crate) fn failing_at_size_limit<T, E>(write: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    if file_size_limit() == libc::RLIM_INFINITY {
        return write();
    }
    let ignore = || KernelAction::plain(libc::SIG_IGN).install(libc::SIGXFSZ);
    giving_back(libc::SIGXFSZ, ignore, || {
        let result = write();
        if result.is_err() {
            // Where it is blocked, the signal waits even while it is ignored; ignoring it anew drops it.
            let _ = ignore();
        }
        result
    })
}

/// `RLIMIT_FSIZE`, in bytes.
fn file_size_limit() -> libc::rlim_t {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `limit` is a valid place for the answer; with such a place the call does not fail.
    unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &mut limit) };
    limit.rlim_cur
}

/// Runs `begin`, then `work`, and puts the action for `signal` in force again that `begin` answers.
fn giving_back<T>(
    signal: i32,
    begin: impl FnOnce() -> Result<KernelAction, Errno>,
    work: impl FnOnce() -> T,
) -> T {
    let _table = ACTIONS.lock();
    let before = begin();
    let result = work();
    if let Ok(before) = before {
        // It was the kernel's own answer, and is taken back as such.
        let _ = before.install(signal);
    }
    result
}

/// The address of the code that goes on with what the kernel's structure at the top of the stack
/// describes; 0 on processors where only the kernel knows it.
pub(in crate::host) fn sigreturn_address() -> usize {
    #[cfg(target_arch = "x86_64")]
    return (wali_sigreturn as unsafe extern "C" fn() as *const ()).addr();
    #[cfg(not(target_arch = "x86_64"))]
    return 0;
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
