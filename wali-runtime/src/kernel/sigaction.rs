//! What is done with each signal, as the kernel keeps it.

use std::ffi::{c_int, c_void};
use std::ptr;

use super::process::thread_id;
use super::{Errno, SigSet, syscall};

/// The kernel's `siginfo_t`, as it wrote it.
pub(crate) type RawInfo = [u64; 16];

/// Bytes of a signal set, as the kernel counts them.
pub(crate) const SIGSET_BYTES: usize = size_of::<SigSet>();

/// Ends the process as `signal`'s default action does, if that ends processes.
pub(crate) fn act_by_default(signal: i32) {
    let default = KernelAction::plain(libc::SIG_DFL);
    let _ = default.install(signal);
    act_as_kernel(signal);
}

/// Sends `signal` to the calling thread, where the kernel's action for it decides what happens.
pub(crate) fn act_as_kernel(signal: i32) {
    let args = [
        std::process::id() as usize,
        thread_id() as usize,
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
pub(crate) struct KernelAction {
    handler: usize,
    pub(crate) flags: usize,
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

    pub(crate) fn plain(handler: usize) -> KernelAction {
        KernelAction {
            handler,
            ..KernelAction::EMPTY
        }
    }

    /// An action that calls `handler` on the thread's alternate stack with everything blocked.
    pub(crate) fn calling(
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
    pub(crate) fn install(&self, signal: i32) -> Result<KernelAction, Errno> {
        KernelAction::exchange(signal, ptr::from_ref(self))
    }

    /// The action in force.
    ///
    /// # Errors
    /// - `EINVAL`: no such signal.
    pub(crate) fn current(signal: i32) -> Result<KernelAction, Errno> {
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
        // SAFETY: both structures outlive the call; the handlers are the two of `signals`, or the
        // kernel's two.
        unsafe { syscall::immediate(libc::SYS_rt_sigaction, &args)? };
        Ok(old)
    }

    /// The handler's address, or `SIG_DFL` or `SIG_IGN`.
    pub(crate) fn handler(&self) -> usize {
        self.handler
    }
}

/// Whether the kernel ignores `signal`.
pub(crate) fn is_ignored(signal: i32) -> bool {
    KernelAction::current(signal).is_ok_and(|current| current.handler == libc::SIG_IGN)
}

/// `RLIMIT_FSIZE`, in bytes.
pub(crate) fn file_size_limit() -> libc::rlim_t {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `limit` is a valid place for the result; with such a place the call does not fail.
    unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &mut limit) };
    limit.rlim_cur
}

/// The address of the code that goes on with what the kernel's structure at the top of the stack
/// describes; 0 on processors where only the kernel knows it.
pub(crate) fn sigreturn_address() -> usize {
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
