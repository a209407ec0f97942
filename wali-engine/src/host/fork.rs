//! Copies of the process.

use crate::Errno;

/// Which of the two processes goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forked {
    /// The new one.
    Child,
    /// The old one, with the number of the new one.
    Parent(i32),
}

/// Makes a copy of the process. `kernel_flags` are `clone`'s, none of which shares memory.
///
/// A plain copy is made by the host's libc, which brings its own locks through it. Other flags only
/// the kernel knows; then the process has to have one thread.
///
/// # Errors
/// - `EINVAL`: other flags in a process with several threads.
/// - The kernel's.
pub(crate) fn fork(kernel_flags: u64) -> Result<Forked, Errno> {
    // SAFETY: the engine's locks are held by the caller, the libc's by its fork; the raw call is
    // made in a process with one thread only, which therefore holds none.
    let child = unsafe {
        if kernel_flags == libc::SIGCHLD as u64 {
            libc::fork()
        } else if is_only_thread() {
            libc::syscall(libc::SYS_clone, kernel_flags, 0, 0, 0, 0) as i32
        } else {
            return Err(Errno::EINVAL);
        }
    };
    match child {
        -1 => Err(Errno::last()),
        0 => Ok(Forked::Child),
        child => Ok(Forked::Parent(child)),
    }
}

/// Whether the calling thread is the process's only one.
fn is_only_thread() -> bool {
    // SAFETY: a thread is never made a process of its own; the kernel refuses that if there are
    // others, and does nothing if there are none.
    unsafe { libc::unshare(libc::CLONE_THREAD) == 0 }
}

/// A descriptor for a child.
///
/// # Errors
/// The kernel's.
pub(crate) fn pidfd(child: i32) -> Result<i32, Errno> {
    // SAFETY: numbers only.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, child, 0) };
    if fd < 0 {
        Err(Errno::last())
    } else {
        Ok(fd as i32)
    }
}
