//! Message queues: `mq_notify`. The others are the kernel's as they are.
//!
//! By hand, since `struct sigevent` holds a value of pointer size.

use crate::calls::gate::kernel;
use crate::kernel::structs::Sigevent;
use crate::kernel::word::HostPtr;
use crate::memory::layout::Sigevent as GuestSigevent;
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::{Cx, SysResult};

/// `mq_notify(mqdes, sevp)`: asks for a notice of the next message, or takes that back.
///
/// With `SIGEV_THREAD` the value is the address of a cookie that the kernel reads.
///
/// # Errors
/// - `EBADF`: `mqdes` is no message queue.
/// - `EBUSY`: another process is notified already.
/// - `EINVAL`: an unknown way to notify, or no such signal.
/// - `EFAULT`: `sevp` cannot be read.
/// - Other errors are the kernel's.
pub(super) fn mq_notify(cx: &mut Cx<'_>, mqdes: i32, sevp: GuestPtr<GuestSigevent>) -> SysResult {
    let memory = cx.data().memory;
    let event = match sevp.non_null() {
        None => None,
        Some(sevp) => {
            let guest = memory.load(sevp)?;
            let value = match guest.notify {
                libc::SIGEV_THREAD => HostPtr::guest(memory, GuestAddr(guest.value)),
                _ => HostPtr::number(guest.value),
            };
            Some(Sigevent {
                value,
                signo: guest.signo,
                notify: guest.notify,
                thread_id: guest.thread_id,
                pad: [0; 11],
            })
        }
    };
    let event = event.as_ref().map_or(HostPtr::NULL, HostPtr::input);
    kernel(cx, libc::SYS_mq_notify, &[mqdes.into(), event.into()])
}
