//! Copies of the process.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::{FromRawFd, IntoRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::Errno;
use super::process::move_up;
use super::time::counted;

/// Which of the two processes goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forked {
    /// The new one.
    Child,
    /// The old one, with the number of the new one.
    Parent(i32),
}

/// Makes a copy of the process. `kernel_flags` are `clone`'s, none of which shares memory; with
/// `CLONE_VFORK` the parent goes on when the child has executed a program or ended.
///
/// The host's libc makes a plain copy, and keeps its own locks sound. It does not know other flags: then the
/// kernel makes the copy, and the process has to have one thread.
///
/// # Errors
/// - `EINVAL`: other flags in a process with several threads.
/// - The kernel's.
pub(crate) fn fork(kernel_flags: u64) -> Result<Forked, Errno> {
    // SAFETY: the engine's locks are held by the caller, the libc's by its fork; the raw call is
    // made in a process with one thread only, which therefore holds none.
    let child = unsafe {
        if kernel_flags == libc::SIGCHLD as u64 {
            counted(|| libc::fork())
        } else if is_only_thread() {
            counted(|| libc::syscall(libc::SYS_clone, kernel_flags, 0, 0, 0, 0) as i32)
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

/// Runs `work`, which starts a child of the engine's own and waits for its end, and takes back the signal
/// that this child's end has left to a process that has it blocked. The guest's own children, which it may
/// have from before an `execve`, and their signal stay as they are.
pub(crate) fn unnoticed<T>(work: impl FnOnce() -> T) -> T {
    let was_pending = is_pending(libc::SIGCHLD);
    let result = work();
    if !was_pending && is_pending(libc::SIGCHLD) && !has_dead_child() {
        take(libc::SIGCHLD);
    }
    result
}

/// Whether `signal` waits until somebody unblocks it.
fn is_pending(signal: i32) -> bool {
    // SAFETY: the set is filled in by the kernel before it is read.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigpending(&mut set) == 0 && libc::sigismember(&set, signal) == 1
    }
}

/// Whether a child has ended that nobody has waited for.
fn has_dead_child() -> bool {
    // SAFETY: the place for the answer is valid; the child stays as it is.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        libc::waitid(libc::P_ALL, 0, &mut info, flags) == 0 && info.si_pid() != 0
    }
}

/// Takes `signal`, which waits and is blocked.
fn take(signal: i32) {
    const AT_ONCE: libc::timespec = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: plain values of this frame.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, signal);
        libc::sigtimedwait(&set, std::ptr::null_mut(), &AT_ONCE);
    }
}

/// Whether the calling thread is the process's only one.
pub(crate) fn is_only_thread() -> bool {
    // SAFETY: a thread is never made a process of its own; the kernel refuses that if there are
    // others, and does nothing if there are none.
    match unsafe { libc::unshare(libc::CLONE_THREAD) } {
        0 => true,
        // Who denies the call, as filters of containers do, has not said that there are others.
        _ => Errno::last() != Errno::EINVAL && number_of_threads() == Some(1),
    }
}

/// How many threads the process has, as /proc tells.
fn number_of_threads() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/task").ok()?.count())
}

/// Waits until the kernel is done with threads that have ended, so that the calling one is the only
/// one; for a second at most.
pub(crate) fn await_ended_threads() {
    const PAUSE: Duration = Duration::from_micros(50);
    let give_up = Instant::now() + Duration::from_secs(1);
    while !is_only_thread() && Instant::now() < give_up {
        std::thread::sleep(PAUSE);
    }
}

/// Makes a parent of several threads wait for its child: a pipe that is open until the child executes a
/// program or ends.
pub(crate) struct Gate {
    read: OwnedFd,
    write: OwnedFd,
}

/// A child's own end of its gate, and the pipe's number.
struct Held {
    fd: i32,
    pipe: u64,
}

/// The gate behind which this process's parent waits. Locked only by the one thread that forks.
static HELD: Mutex<Option<Held>> = Mutex::new(None);

impl Gate {
    /// Makes one, to be used by one fork.
    ///
    /// # Errors
    /// The kernel's.
    pub(crate) fn new() -> Result<Gate, Errno> {
        let mut ends = [0; 2];
        // SAFETY: the array has room for the two descriptors, which nobody else owns.
        let (read, write) = unsafe {
            if libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) < 0 {
                return Err(Errno::last());
            }
            (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1]))
        };
        Ok(Gate {
            read: move_up(read),
            write: move_up(write),
        })
    }

    /// In the child: lets the parent wait until this process executes a program or ends.
    pub(crate) fn hold(self) {
        let write = File::from(self.write);
        let pipe = write.metadata().map_or(0, |pipe| pipe.ino());
        let fd = write.into_raw_fd();
        *HELD.lock().unwrap_or_else(|held| held.into_inner()) = Some(Held { fd, pipe });
    }

    /// In the parent: waits. A child that closes descriptors which are not its own ends the wait.
    pub(crate) fn wait(self) {
        drop(self.write);
        // Nothing is ever written: what ends the read is the pipe's end.
        let _ = File::from(self.read).read(&mut [0]);
    }
}

/// Forgets in a new process that the one it is a copy of may keep its own parent waiting.
pub(crate) fn forget_gate() {
    let held = HELD.lock().unwrap_or_else(|held| held.into_inner()).take();
    let Some(Held { fd, pipe }) = held else {
        return;
    };
    // SAFETY: the number is only looked at, and closed only if it still is the gate's.
    unsafe {
        let mut status: libc::stat = std::mem::zeroed();
        if libc::fstat(fd, &mut status) == 0 && status.st_ino == pipe {
            libc::close(fd);
        }
    }
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
