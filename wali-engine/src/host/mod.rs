//! The host's side: raw kernel calls, signal handlers, host memory.
//!
//! Together with [`crate::guest`] the only place with `unsafe` code.

pub(crate) mod altstack;
pub(crate) mod clock;
pub(crate) mod code;
pub(crate) mod command_line;
mod context;
pub(crate) mod descriptor;
pub(crate) mod direct;
pub(crate) mod exec;
pub(crate) mod faults;
pub(crate) mod fork;
pub(crate) mod futex;
pub(crate) mod mman;
pub(crate) mod pinned;
pub(crate) mod process;
pub(crate) mod robust;
pub(crate) mod signals;
pub(crate) mod structs;
pub(crate) mod syscall;
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

/// The address family of a socket; `None` for what is no socket.
pub(crate) fn socket_family(fd: i32) -> Option<i32> {
    let (mut family, mut len) = (0i32, size_of::<i32>() as libc::socklen_t);
    let (value, level) = ((&raw mut family).cast(), libc::SOL_SOCKET);
    // SAFETY: the value has room for the length that is passed, and both live through the call.
    let answer = unsafe { libc::getsockopt(fd, level, libc::SO_DOMAIN, value, &raw mut len) };
    (answer == 0).then_some(family)
}

/// A system call that the guest makes: the arguments are numbers or checked addresses. It is not
/// made while a signal waits to be handled.
#[inline]
pub(crate) fn guest_syscall(number: libc::c_long, args: &[i64; 6]) -> syscall::Outcome {
    let args = args.map(|arg| arg as usize);
    // SAFETY: addresses among the arguments are the guest's, moved into its reservation, or those
    // of buffers that the caller lends.
    unsafe { signals::interruptible(number as usize, &args) }
}
