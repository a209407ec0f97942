//! `fork`: the host's, with the engine's locks held by the thread that forks.

use crate::kernel::child::{self, Forked, Gate};
use crate::kernel::process::thread_id;
use crate::kernel::{Errno, descriptor};
use crate::memory::GuestPtr;
use crate::program::{Cx, Stop, SysResult};
use crate::signals;
use crate::signals::actions::ACTIONS;

/// What `clone` can ask for besides a copy of the process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ForkRequest {
    /// `CLONE_…` flags that the kernel has to see, with the signal sent at the child's end.
    pub(crate) kernel_flags: u64,
    /// Whether the parent waits until the child executes a program or ends.
    pub(crate) waits: bool,
    /// Where the parent finds the child's number.
    pub(crate) parent_tid: Option<GuestPtr<i32>>,
    /// Where the child finds its number.
    pub(crate) child_tid: Option<GuestPtr<i32>>,
    /// The word that is cleared at the child's end.
    pub(crate) cleared_tid: Option<GuestPtr<u32>>,
    /// Where the parent finds a descriptor for the child.
    pub(crate) pidfd: Option<GuestPtr<i32>>,
}

impl ForkRequest {
    /// What `fork` asks for.
    pub(crate) const PLAIN: ForkRequest = ForkRequest {
        kernel_flags: libc::SIGCHLD as u64,
        waits: false,
        parent_tid: None,
        child_tid: None,
        cleared_tid: None,
        pidfd: None,
    };
    /// What `vfork` asks for.
    pub(crate) const WAITING: ForkRequest = ForkRequest {
        waits: true,
        ..ForkRequest::PLAIN
    };
}

/// Makes a copy of the process with the calling thread alone; 0 in the child, its number in the
/// parent.
///
/// # Errors
/// - The kernel's.
/// - [`Stop::Interrupted`]: a signal that came before belongs to the parent alone.
pub(crate) fn fork(cx: &mut Cx<'_>, request: &ForkRequest) -> SysResult {
    let mask = signals::block_all().ok_or(Stop::Interrupted)?;
    let result = copy(cx, request);
    signals::set_mask(mask);
    Ok(result?)
}

/// Forks, with all signals blocked.
///
/// The kernel itself makes a process of one thread wait. One of several waits at a [`Gate`], since its other
/// threads go on, and only the host's libc makes a sound copy of it.
fn copy(cx: &mut Cx<'_>, request: &ForkRequest) -> Result<i64, Errno> {
    let mut flags = request.kernel_flags;
    let mut gate = None;
    if request.waits {
        if child::is_only_thread() {
            flags |= libc::CLONE_VFORK as u64;
        } else {
            gate = Some(Gate::new()?);
        }
    }
    let process = cx.data().process;
    if flags != libc::SIGCHLD as u64 && process.threads.is_one() {
        child::await_ended_threads();
    }
    if request.kernel_flags & libc::CLONE_FILES as u64 != 0 {
        descriptor::set_shared(true);
    }
    let forked = {
        let _mappings = process.mappings();
        let _threads = process.threads.lock_for_fork();
        let _actions = ACTIONS.lock();
        let _passing = descriptor::lock_passing();
        child::fork(flags)?
    };
    match forked {
        Forked::Child => {
            child::forget_gate();
            gate.into_iter().for_each(Gate::hold);
            Ok(in_child(cx, request))
        }
        Forked::Parent(child) => {
            gate.into_iter().for_each(Gate::wait);
            in_parent(cx, request, child)
        }
    }
}

fn in_child(cx: &mut Cx<'_>, request: &ForkRequest) -> i64 {
    signals::forget_other_threads();
    if request.kernel_flags & libc::CLONE_FILES as u64 == 0 {
        descriptor::set_shared(false);
    }
    let process = cx.data().process;
    process.threads.become_only_thread();
    let memory = cx.data().memory;
    let task = cx.data_mut();
    task.tid = thread_id();
    task.thread.clear_child_tid = request.cleared_tid;
    task.thread.is_counted = false;
    if let Some(child_tid) = request.child_tid {
        // As in the kernel, a bad address is the program's own affair.
        let _ = memory.store(child_tid, task.tid);
    }
    0
}

fn in_parent(cx: &mut Cx<'_>, request: &ForkRequest, child: i32) -> Result<i64, Errno> {
    let memory = cx.data().memory;
    if let Some(parent_tid) = request.parent_tid {
        let _ = memory.store(parent_tid, child);
    }
    if let Some(pidfd) = request.pidfd {
        memory.store(pidfd, child::pidfd(child)?)?;
    }
    Ok(i64::from(child))
}
