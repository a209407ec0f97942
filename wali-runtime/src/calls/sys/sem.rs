//! System V semaphores: `semctl`. The others are the kernel's as they are.
//!
//! By hand: the last argument is a number or an address as the command says.

use super::foreign::{Place, kernel_filling, kernel_reading};
use crate::calls::gate::kernel;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::GuestAddr;
use crate::program::{Cx, SysResult};

/// Commands whose argument is a number, or that have none; the libc may add `IPC_64`.
const IPC_64: i32 = 0x100;

/// Commands that the host crate does not name.
const SEM_STAT: i32 = 18;
const SEM_STAT_ANY: i32 = 20;

/// `semctl(semid, semnum, cmd, arg)`.
///
/// # Errors
/// - `EINVAL`: no such set or semaphore, or an unknown command.
/// - `EACCES`, `EPERM`: the program may not read the set or change it.
/// - `ERANGE`: a value that no semaphore can have.
/// - `EFAULT`: the data are not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn semctl(cx: &mut Cx<'_>, semid: i32, semnum: i32, cmd: i32, arg: u64) -> SysResult {
    let low = arg as u32;
    let address = GuestAddr(low);
    let state = Place {
        word: 3,
        tag: "semid_ds",
        at: address,
    };
    let front = [semid.into(), semnum.into(), cmd.into(), Word::ZERO];
    match cmd & !IPC_64 {
        libc::IPC_SET => return kernel_reading(cx, libc::SYS_semctl, &front, state),
        libc::IPC_STAT | SEM_STAT | SEM_STAT_ANY => {
            return kernel_filling(cx, libc::SYS_semctl, &front, state);
        }
        _ => {}
    }
    let arg: Word<'_> = match cmd & !IPC_64 {
        libc::SETVAL
        | libc::GETVAL
        | libc::GETPID
        | libc::GETNCNT
        | libc::GETZCNT
        | libc::IPC_RMID => low.into(),
        _ => HostPtr::guest(cx.data().memory, address).into(),
    };
    let words = [semid.into(), semnum.into(), cmd.into(), arg];
    kernel(cx, libc::SYS_semctl, &words)
}
