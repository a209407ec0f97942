//! The host's side: raw kernel calls, signal handlers, host memory.
//!
//! Together with [`crate::guest`] the only place with `unsafe` code.

pub(crate) mod code;
pub(crate) mod descriptor;
pub(crate) mod futex;
pub(crate) mod mman;
pub(crate) mod process;
pub(crate) mod structs;
pub(crate) mod word;

use wali_abi::Isa;

use crate::Errno;

/// The instruction set of the host.
#[cfg(target_arch = "x86_64")]
pub(crate) const ISA: Isa = Isa::X86_64;
/// The instruction set of the host.
#[cfg(target_arch = "aarch64")]
pub(crate) const ISA: Isa = Isa::Aarch64;
/// The instruction set of the host.
#[cfg(target_arch = "riscv64")]
pub(crate) const ISA: Isa = Isa::Riscv64;

/// Whether `fd` is open.
///
/// # Errors
/// - `EBADF`: it is not.
pub(crate) fn check_descriptor(fd: i32) -> Result<(), Errno> {
    // SAFETY: F_GETFD reads the descriptor's flags only.
    if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
        return Err(Errno::last());
    }
    Ok(())
}

/// A system call as the kernel takes it: the arguments are numbers or checked addresses.
pub(crate) fn raw_syscall(nr: libc::c_long, args: &[i64]) -> i64 {
    let arg = |index: usize| args.get(index).copied().unwrap_or(0);
    // SAFETY: addresses among the arguments are the guest's, moved into its reservation.
    let result = unsafe { libc::syscall(nr, arg(0), arg(1), arg(2), arg(3), arg(4), arg(5)) };
    if result == -1 {
        Errno::last().to_raw()
    } else {
        result
    }
}
