//! Threads: their numbers, their ends, what they leave.

use crate::control::threads;
use crate::kernel::Errno;
use crate::memory::{GuestAddr, GuestPtr, robust_links};
use crate::program::{Cx, RobustList, SysResult};

/// Bytes of `struct robust_list_head`.
const HEAD_BYTES: u32 = 24;

/// `set_tid_address(tidptr)`: sets the word to clear at the thread's end and returns the thread's number.
pub(super) fn set_tid_address(cx: &mut Cx<'_>, tidptr: GuestPtr<u32>) -> SysResult {
    let task = cx.data_mut();
    task.thread.clear_child_tid = tidptr.non_null();
    Ok(i64::from(task.tid))
}

/// `set_robust_list(head, len)`.
///
/// Differs from Linux: when a signal kills the process, the kernel releases the locks that were in the list
/// when it was set last. The C library sets it again with each lock that other processes share.
///
/// # Errors
/// - `EINVAL`: another length than 24.
/// - `ENOMEM`: no room for the kernel's own list.
pub(super) fn set_robust_list(cx: &mut Cx<'_>, head: GuestAddr, len: u32) -> SysResult {
    if len != HEAD_BYTES {
        return Err(Errno::EINVAL.into());
    }
    let task = cx.data();
    let mut lists = task.process.threads.robust();
    if head.is_null() {
        lists.remove(&task.tid);
        robust_links::clear();
    } else {
        let list = RobustList { head };
        list.show(task.memory)?;
        lists.insert(task.tid, list);
    }
    Ok(0)
}

/// `get_robust_list(pid, head_ptr, len_ptr)`.
///
/// Differs from Linux: lists of other processes are not known.
///
/// # Errors
/// - `ESRCH`: no such thread in this process.
/// - `EFAULT`: a pointer.
pub(super) fn get_robust_list(
    cx: &mut Cx<'_>,
    pid: i32,
    head_ptr: GuestPtr<u32>,
    len_ptr: GuestPtr<u32>,
) -> SysResult {
    let task = cx.data();
    let tid = if pid == 0 { task.tid } else { pid };
    if !crate::kernel::process::has_thread(tid) {
        return Err(Errno::ESRCH.into());
    }
    let list = task.process.threads.robust().get(&tid).copied();
    task.memory.store(len_ptr, HEAD_BYTES)?;
    task.memory
        .store(head_ptr, list.map_or(0, |list| list.head.0))?;
    Ok(0)
}

/// `exit(status)`: the calling thread's end.
pub(super) fn exit(cx: &mut Cx<'_>, status: i32) -> SysResult {
    threads::exit(cx, status)
}

/// `exit_group(status)`: the process's end.
pub(super) fn exit_group(cx: &mut Cx<'_>, status: i32) -> SysResult {
    let task = cx.data();
    threads::exit_group(task.process, task.memory, status)
}
