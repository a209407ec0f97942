//! Waiting for descriptors under another signal mask. `poll` and `epoll_wait` are the kernel's as
//! they are; `pselect6` is in `select.rs`.
//!
//! By hand, because the handler of a signal that interrupts the call runs under that mask.

use super::foreign::{Place, kernel_filling_many};
use super::signal::under_mask;
use crate::calls::gate::kernel;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::{Cx, SysResult};

/// Where these calls have the address of their events.
const EVENTS: Place = Place {
    word: 1,
    tag: "epoll_event",
    at: GuestAddr::NULL,
};

/// `ppoll(fds, nfds, tmo_p, sigmask, sigsetsize)`.
///
/// # Errors
/// - `EINTR`: a handler ran before a descriptor was ready.
/// - `EINVAL`: `nfds` is over `RLIMIT_NOFILE`, the time is none, or `sigsetsize` is not 8.
/// - `EFAULT`: a pointer.
/// - Other errors are the kernel's.
pub(super) fn ppoll(
    cx: &mut Cx<'_>,
    fds: GuestAddr,
    nfds: u64,
    tmo_p: GuestAddr,
    sigmask: GuestPtr<u64>,
    sigsetsize: u32,
) -> SysResult {
    let memory = cx.data().memory;
    let words = [
        HostPtr::guest(memory, fds).into(),
        nfds.into(),
        HostPtr::guest(memory, tmo_p).into(),
        HostPtr::guest(memory, sigmask.addr()).into(),
        sigsetsize.into(),
    ];
    let result = kernel(cx, libc::SYS_ppoll, &words);
    under_mask(cx, result, sigmask)
}

/// `epoll_pwait(epfd, events, maxevents, timeout, sigmask, sigsetsize)`.
///
/// # Errors
/// - `EBADF`: `epfd` is not open.
/// - `EINVAL`: `epfd` is no epoll descriptor, `maxevents` is not positive, `sigsetsize` is not 8.
/// - `EINTR`: a handler ran before a descriptor was ready.
/// - `EFAULT`: the mask cannot be read or the events cannot be written.
/// - Other errors are the kernel's.
pub(super) fn epoll_pwait(
    cx: &mut Cx<'_>,
    epfd: i32,
    events: GuestAddr,
    maxevents: i32,
    timeout: i32,
    sigmask: GuestPtr<u64>,
    sigsetsize: u32,
) -> SysResult {
    let memory = cx.data().memory;
    let words = [
        epfd.into(),
        Word::ZERO,
        maxevents.into(),
        timeout.into(),
        HostPtr::guest(memory, sigmask.addr()).into(),
        sigsetsize.into(),
    ];
    let result = kernel_filling_many(cx, libc::SYS_epoll_pwait, &words, EVENTS.at(events), 2);
    under_mask(cx, result, sigmask)
}

/// `epoll_pwait2(epfd, events, maxevents, timeout, sigmask, sigsetsize)`: with a limit in nanoseconds.
///
/// # Errors
/// - `EINVAL`: `timeout` is no time.
/// - Others as for [`epoll_pwait`].
pub(super) fn epoll_pwait2(
    cx: &mut Cx<'_>,
    epfd: i32,
    events: GuestAddr,
    maxevents: i32,
    timeout: GuestAddr,
    sigmask: GuestPtr<u64>,
    sigsetsize: u32,
) -> SysResult {
    let memory = cx.data().memory;
    let words = [
        epfd.into(),
        Word::ZERO,
        maxevents.into(),
        HostPtr::guest(memory, timeout).into(),
        HostPtr::guest(memory, sigmask.addr()).into(),
        sigsetsize.into(),
    ];
    let result = kernel_filling_many(cx, libc::SYS_epoll_pwait2, &words, EVENTS.at(events), 2);
    under_mask(cx, result, sigmask)
}
