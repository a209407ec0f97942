//! `fcntl`.
//!
//! By hand: whether its argument is a number or an address depends on the command.

use wali_abi::isa;

use crate::calls::gate::kernel;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::GuestAddr;
use crate::program::{Cx, SysResult};

/// Commands from Linux's headers that the host crate does not name.
mod command {
    pub(super) const F_SETOWN_EX: i32 = 15;
    pub(super) const F_GETOWN_EX: i32 = 16;
    pub(super) const F_GETOWNER_UIDS: i32 = 17;
    pub(super) const F_GET_RW_HINT: i32 = 1024 + 11;
    pub(super) const F_SET_FILE_RW_HINT: i32 = 1024 + 14;
    pub(super) const F_GETDELEG: i32 = 1024 + 15;
    pub(super) const F_SETDELEG: i32 = 1024 + 16;
}

/// `fcntl(fd, cmd, arg)`.
///
/// The structures behind `arg` hold no addresses, so the kernel reads them in guest memory.
///
/// # Errors
/// - `EBADF`: `fd` is not open.
/// - `EINVAL`: a command that the kernel does not know, or an argument that it refuses.
/// - `EAGAIN`, `EACCES`: another process holds the lock.
/// - `EFAULT`: the structure is not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn fcntl(cx: &mut Cx<'_>, fd: i32, cmd: i32, arg: u64) -> SysResult {
    let memory = cx.data().memory;
    // Guest addresses have 32 bits; what a program leaves in the others means nothing.
    let low = arg as u32;
    let arg: Word<'_> = match cmd {
        libc::F_GETLK
        | libc::F_SETLK
        | libc::F_SETLKW
        | libc::F_OFD_GETLK
        | libc::F_OFD_SETLK
        | libc::F_OFD_SETLKW
        | command::F_GETOWN_EX
        | command::F_SETOWN_EX
        | command::F_GETOWNER_UIDS
        | command::F_GET_RW_HINT..=command::F_SET_FILE_RW_HINT
        | command::F_GETDELEG
        | command::F_SETDELEG => HostPtr::guest(memory, GuestAddr(low)).into(),
        libc::F_SETFL => isa::open_flags_to(crate::kernel::ISA, low).into(),
        // Every other command takes a number of at most 32 bits. One unknown here might take an
        // address; what is left of it cannot be one of the host's.
        _ => low.into(),
    };
    let words = [fd.into(), cmd.into(), arg];
    let result = kernel(cx, libc::SYS_fcntl, &words)?;
    Ok(match cmd {
        libc::F_GETFL => isa::open_flags_from(crate::kernel::ISA, result as u32).into(),
        _ => result,
    })
}
