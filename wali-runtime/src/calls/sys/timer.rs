//! Timers that send signals: `timer_create`. The other calls on them are the kernel's.

use crate::calls::gate::kernel;
use crate::kernel::word::HostPtr;
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::{Cx, SysResult};

/// `struct sigevent` in words: value, signal, how, thread, and what the kernel copies unread.
type GuestEvent = [u32; 16];

/// The kernel's `struct sigevent`: the value has 8 bytes.
#[repr(C)]
struct KernelEvent {
    value: u64,
    signal: u32,
    notify: u32,
    thread: u32,
    rest: [u32; 11],
}

/// `timer_create(clockid, sevp, timerid)`.
///
/// # Errors
/// - `EINVAL`: no such clock, or a `sevp` that the kernel refuses.
/// - `EAGAIN`: too many timers.
/// - `EFAULT`: a pointer.
/// - Other errors are the kernel's.
pub(super) fn timer_create(
    cx: &mut Cx<'_>,
    clockid: i32,
    sevp: GuestPtr<GuestEvent>,
    timerid: GuestAddr,
) -> SysResult {
    let memory = cx.data().memory;
    let event = match sevp.non_null() {
        Some(sevp) => {
            let [value, signal, notify, thread, ..] = memory.load(sevp)?;
            let value = u64::from(value);
            Some(KernelEvent {
                value,
                signal,
                notify,
                thread,
                rest: [0; 11],
            })
        }
        None => None,
    };
    let event = event.as_ref().map_or(HostPtr::NULL, HostPtr::input);
    let words = [
        clockid.into(),
        event.into(),
        HostPtr::guest(memory, timerid).into(),
    ];
    kernel(cx, libc::SYS_timer_create, &words)
}
