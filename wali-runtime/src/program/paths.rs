//! The step that every path of the guest's takes on its way to the kernel.
//!
//! The generated table takes it for each argument that the spec calls a path and whose last link a call
//! follows; the calls served by hand take it with the functions here. It is where a path that leads to
//! something of the engine's is led to the program's own: `/proc/self/exe` and its other names lead to the
//! module. Paths that reach the link in another way, relative to a folder of /proc or through further
//! links, lead to the engine.

use std::ffi::CString;

use super::own_file::is_link_to_it;
use super::task::Task;
use crate::kernel::Errno;
use crate::kernel::process::process_id;
use crate::kernel::word::HostPtr;
use crate::memory::{GuestAddr, GuestPtr};

/// The longest name that the link to the program's file is looked for by.
const LONGEST: usize = 64;

/// The path at `path` for a call of the kernel; `follows` tells whether the call follows a link that the
/// path ends with. Nothing is copied: what is there when the kernel looks counts.
pub(crate) fn given(task: &Task, path: GuestAddr, follows: bool) -> HostPtr<'static> {
    if follows && is_own_link(task, path) {
        return HostPtr::input(task.process.file.path.to_bytes_with_nul());
    }
    HostPtr::guest(task.memory, path)
}

/// The same, copied so that the guest's other threads cannot change it any more.
///
/// # Errors
/// - `EFAULT`: not in guest memory.
/// - `ENAMETOOLONG`: longer than the kernel takes.
pub(crate) fn copied(task: &Task, path: GuestAddr, follows: bool) -> Result<CString, Errno> {
    let bytes = task.memory.read_cstr(path, libc::PATH_MAX as usize)?;
    if follows && is_link_to_it(&bytes, process_id(), task.tid) {
        return Ok(task.process.file.path.clone());
    }
    // It was read up to its NUL.
    CString::new(bytes).map_err(|_| Errno::EINVAL)
}

/// Whether the path at `path` names the link to the program's file.
pub(crate) fn is_own_link(task: &Task, path: GuestAddr) -> bool {
    // What all names of the link begin with decides nearly always.
    match task.memory.load::<[u8; 2]>(GuestPtr::new(path)) {
        Ok([b'/', b'p' | b'/' | b'.']) => {}
        _ => return false,
    }
    task.memory
        .read_cstr(path, LONGEST)
        .is_ok_and(|path| is_link_to_it(&path, process_id(), task.tid))
}
