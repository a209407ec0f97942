//! Resource limits: `getrlimit`, `setrlimit`, `prlimit64`.
//!
//! By hand: some limits of the guest are not those of the process ([`Limits`](crate::memory::Limits)).

use crate::calls::gate::kernel;
use crate::kernel::structs::Rlimit;
use crate::kernel::word::HostPtr;
use crate::kernel::{Errno, process};
use crate::memory::GuestPtr;
use crate::program::{Cx, SysResult};

/// `getrlimit(resource, rlim)`.
///
/// # Errors
/// - `EINVAL`: no such resource.
/// - `EFAULT`: `rlim` cannot be written.
/// - Other errors are the kernel's.
pub(super) fn getrlimit(cx: &mut Cx<'_>, resource: i32, rlim: GuestPtr<Rlimit>) -> SysResult {
    let memory = cx.data().memory;
    if let Some(value) = cx.data().process.limits.get(resource) {
        memory.store(rlim, value)?;
        return Ok(0);
    }
    let place = HostPtr::guest(memory, rlim.addr());
    kernel(cx, libc::SYS_getrlimit, &[resource.into(), place.into()])
}

/// `setrlimit(resource, rlim)`.
///
/// # Errors
/// - `EINVAL`: no such resource, or a soft limit above the hard one.
/// - `EPERM`: a hard limit was to be raised without privilege.
/// - `EFAULT`: `rlim` cannot be read.
/// - Other errors are the kernel's.
pub(super) fn setrlimit(cx: &mut Cx<'_>, resource: i32, rlim: GuestPtr<Rlimit>) -> SysResult {
    let memory = cx.data().memory;
    if cx.data().process.limits.get(resource).is_some() {
        let new = memory.load(rlim)?;
        return set(cx, resource, new);
    }
    let place = HostPtr::guest(memory, rlim.addr());
    kernel(cx, libc::SYS_setrlimit, &[resource.into(), place.into()])
}

/// `prlimit64(pid, resource, new_limit, old_limit)`: both, for any process.
///
/// # Errors
/// - `EINVAL`: no such resource, or a soft limit above the hard one.
/// - `EPERM`: a hard limit was to be raised without privilege; the process is another user's, or one of
///   this engine whose memory limits were to be set.
/// - `ESRCH`: no such process.
/// - `EFAULT`: `new_limit` cannot be read or `old_limit` not be written.
/// - Other errors are the kernel's.
pub(super) fn prlimit64(
    cx: &mut Cx<'_>,
    pid: i32,
    resource: i32,
    new_limit: GuestPtr<Rlimit>,
    old_limit: GuestPtr<Rlimit>,
) -> SysResult {
    let memory = cx.data().memory;
    // A thread's number names its process.
    let own = pid == 0 || process::has_thread(pid);
    let is_kept = cx.data().process.limits.get(resource).is_some();
    if is_kept && !own && !new_limit.is_null() && process::is_of_this_engine(pid) {
        // Differs from Linux: what the other engine needs cannot be taken from it.
        return Err(Errno::EPERM.into());
    }
    let Some(old) = cx.data().process.limits.get(resource).filter(|_| own) else {
        let place = |limit: GuestPtr<Rlimit>| HostPtr::guest(memory, limit.addr());
        let (new, old) = (place(new_limit), place(old_limit));
        let words = [pid.into(), resource.into(), new.into(), old.into()];
        return kernel(cx, libc::SYS_prlimit64, &words);
    };
    if let Some(new_limit) = new_limit.non_null() {
        let new = memory.load(new_limit)?;
        set(cx, resource, new)?;
    }
    if let Some(old_limit) = old_limit.non_null() {
        memory.store(old_limit, old)?;
    }
    Ok(0)
}

/// Sets a limit that the engine keeps.
fn set(cx: &mut Cx<'_>, resource: i32, new: Rlimit) -> SysResult {
    let process = cx.data().process;
    process.limits.set(resource, new)?;
    let most = process.limits.memory_bytes(process.program.initial_bytes());
    process.mappings().set_limit(most);
    Ok(0)
}
