//! Which files may get to the guest: not the memory of processes, through which it could read and write
//! the engine.

use crate::kernel::{Errno, descriptor};
use crate::program::SysResult;

/// Lets the guest have a file that was just opened, unless it is a process's memory.
pub(super) fn just_opened(fd: i64) -> SysResult {
    match descriptor::is_process_memory_just_opened(fd as i32) {
        true => refuse(fd),
        false => Ok(fd),
    }
}

/// Lets the guest have a file that others may be using, unless it is a process's memory.
pub(super) fn used(fd: i64) -> SysResult {
    match descriptor::is_process_memory(fd as i32) {
        true => refuse(fd),
        false => Ok(fd),
    }
}

/// Closes the descriptor of a process's memory.
fn refuse(fd: i64) -> SysResult {
    // Differs from Linux (open, openat, openat2, creat, open_by_handle_at, pidfd_getfd): the memory files of
    // processes are refused with EACCES.
    descriptor::close(fd as i32);
    Err(Errno::EACCES.into())
}
