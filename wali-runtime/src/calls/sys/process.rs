//! Processes: copies and other programs.

use crate::control::exec;
use crate::control::fork::ForkRequest;
use crate::kernel::{Errno, SigSet};
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::{Cx, SysResult};

/// `struct clone_args` in 8-byte words.
type CloneArgs = [u64; 11];

/// `clone` flags that need a thread, or a child that shares this process's memory.
const SHARING: u64 =
    (libc::CLONE_VM | libc::CLONE_THREAD | libc::CLONE_SIGHAND | libc::CLONE_SETTLS) as u64;

/// `clone` flags that the engine carries out itself.
const OURS: u64 = (libc::CLONE_PARENT_SETTID
    | libc::CLONE_CHILD_SETTID
    | libc::CLONE_CHILD_CLEARTID
    | libc::CLONE_PIDFD
    | libc::CLONE_VFORK) as u64;

/// `fork()`.
///
/// # Errors
/// The kernel's.
pub(super) fn fork(cx: &mut Cx<'_>) -> SysResult {
    crate::control::fork::fork(cx, &ForkRequest::PLAIN)
}

/// `vfork()`.
///
/// Differs from Linux: the child has a copy of the memory.
///
/// # Errors
/// The kernel's.
pub(super) fn vfork(cx: &mut Cx<'_>) -> SysResult {
    crate::control::fork::fork(cx, &ForkRequest::WAITING)
}

/// `clone(flags, stack, parent_tid, child_tid, tls)`: processes only.
///
/// # Errors
/// - `EINVAL`: flags that share memory with the child, or a stack: a machine's stack means nothing
///   here, and threads are started by `__wasm_thread_spawn`; `SIGSEGV`, `SIGBUS`, `SIGILL` or
///   `SIGFPE` as the signal at the child's end.
/// - The kernel's.
pub(super) fn clone(
    cx: &mut Cx<'_>,
    flags: u64,
    stack: GuestAddr,
    parent_tid: GuestPtr<i32>,
    child_tid: GuestPtr<i32>,
    _tls: u64,
) -> SysResult {
    if !stack.is_null() {
        return Err(Errno::EINVAL.into());
    }
    let pointers = Pointers {
        parent_tid,
        child_tid,
        pidfd: parent_tid,
    };
    clone_process(cx, flags, &pointers)
}

/// `clone3(cl_args, size)`: processes only.
///
/// # Errors
/// - `EINVAL`: as for [`clone`]; `set_tid`, `cgroup` and `CLONE_CLEAR_SIGHAND` are not served either.
/// - `E2BIG`: a size that Linux refuses.
/// - The kernel's.
pub(super) fn clone3(cx: &mut Cx<'_>, cl_args: GuestAddr, size: u32) -> SysResult {
    const LEAST_BYTES: u32 = 64;
    match size {
        0..LEAST_BYTES => return Err(Errno::EINVAL.into()),
        4097.. => return Err(Errno::E2BIG.into()),
        _ => {}
    }
    let mut bytes = vec![0; (size as usize).max(size_of::<CloneArgs>())];
    cx.data()
        .memory
        .read_bytes(cl_args, &mut bytes[..size as usize])?;
    let (known, unknown) = bytes.split_at(size_of::<CloneArgs>());
    if unknown.iter().any(|&byte| byte != 0) {
        return Err(Errno::E2BIG.into());
    }
    let mut words: CloneArgs = [0; 11];
    for (word, bytes) in words.iter_mut().zip(known.chunks_exact(8)) {
        *word = bytes
            .iter()
            .rev()
            .fold(0, |value, &byte| value << 8 | u64::from(byte));
    }
    let [
        flags,
        pidfd,
        child_tid,
        parent_tid,
        signal,
        stack,
        _stack_size,
        _tls,
        set_tid,
        ..,
    ] = words;
    let exit_signal_in_flags = flags & libc::CSIGNAL as u64 != 0;
    // Flags above the 32 bits that `clone` knows: what is made here is made by `clone`.
    let newer_flags = flags >> 32 != 0;
    if stack != 0 || set_tid != 0 || signal > 64 || exit_signal_in_flags || newer_flags {
        return Err(Errno::EINVAL.into());
    }
    let pointers = Pointers {
        parent_tid: pointer(parent_tid)?,
        child_tid: pointer(child_tid)?,
        pidfd: pointer(pidfd)?,
    };
    clone_process(cx, flags | signal, &pointers)
}

fn pointer(word: u64) -> Result<GuestPtr<i32>, Errno> {
    let address = u32::try_from(word).map_err(|_| Errno::EFAULT)?;
    Ok(GuestPtr::new(GuestAddr(address)))
}

/// The pointers that `clone` and `clone3` pass in different places.
struct Pointers {
    parent_tid: GuestPtr<i32>,
    child_tid: GuestPtr<i32>,
    pidfd: GuestPtr<i32>,
}

fn clone_process(cx: &mut Cx<'_>, flags: u64, pointers: &Pointers) -> SysResult {
    // Differs from Linux: a parent that waits for its child does not share its memory either.
    let vfork = (libc::CLONE_VM | libc::CLONE_VFORK) as u64;
    let flags = if flags & vfork == vfork {
        flags & !(libc::CLONE_VM as u64)
    } else {
        flags
    };
    let exit_signal = (flags & libc::CSIGNAL as u64) as i32;
    let looks_like_a_fault =
        (1..=64).contains(&exit_signal) && SigSet::FAULTS.contains(exit_signal);
    // Differs from Linux: the kernel's note of a child's end under the number of a fault could not be
    // told from a fault of the engine's.
    if flags & SHARING != 0 || looks_like_a_fault {
        return Err(Errno::EINVAL.into());
    }
    let asked = |flag: i32| flags & flag as u64 != 0;
    let given = |flag: i32, pointer: GuestPtr<i32>| asked(flag).then_some(pointer);
    let request = ForkRequest {
        kernel_flags: flags & !OURS,
        waits: asked(libc::CLONE_VFORK),
        parent_tid: given(libc::CLONE_PARENT_SETTID, pointers.parent_tid),
        child_tid: given(libc::CLONE_CHILD_SETTID, pointers.child_tid),
        cleared_tid: given(libc::CLONE_CHILD_CLEARTID, pointers.child_tid).map(GuestPtr::cast),
        pidfd: given(libc::CLONE_PIDFD, pointers.pidfd),
    };
    crate::control::fork::fork(cx, &request)
}

/// `execve(pathname, argv, envp)`.
///
/// # Errors
/// The kernel's.
pub(super) fn execve(
    cx: &mut Cx<'_>,
    pathname: GuestAddr,
    argv: GuestPtr<u32>,
    envp: GuestPtr<u32>,
) -> SysResult {
    exec::execveat(cx, libc::AT_FDCWD, pathname, argv, envp, 0)
}

/// `execveat(dirfd, pathname, argv, envp, flags)`.
///
/// # Errors
/// The kernel's.
pub(super) fn execveat(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    argv: GuestPtr<u32>,
    envp: GuestPtr<u32>,
    flags: i32,
) -> SysResult {
    exec::execveat(cx, dirfd, pathname, argv, envp, flags)
}
