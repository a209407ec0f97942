//! Futexes: words of guest memory that the kernel watches by their host address.

use crate::calls::gate::{kernel, number_of};
use crate::kernel::Errno;
use crate::kernel::word::HostPtr;
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};
use crate::program::{Cx, SysResult};

/// The command in `futex_op`, without its flags.
const COMMAND: i32 = 127;

/// The commands whose fourth argument is a time; for the others it is a number.
const TIMED: [i32; 5] = [
    libc::FUTEX_WAIT,
    libc::FUTEX_LOCK_PI,
    libc::FUTEX_WAIT_BITSET,
    libc::FUTEX_WAIT_REQUEUE_PI,
    FUTEX_LOCK_PI2,
];
const FUTEX_LOCK_PI2: i32 = 13;

/// The most futexes that `futex_waitv` takes.
const WAITV_MAX: u32 = 128;

/// `struct futex_waitv` in 8-byte words: value, address, flags and a reserved word.
type GuestWaiter = [u64; 3];

/// `struct futex_waitv` for the kernel.
#[repr(C)]
struct Waiter {
    value: u64,
    address: HostPtr<'static>,
    flags: u64,
}

const FUTEX_WAITV: libc::c_long = number_of("futex_waitv");
const FUTEX_WAKE: libc::c_long = number_of("futex_wake");
const FUTEX_WAIT: libc::c_long = number_of("futex_wait");
const FUTEX_REQUEUE: libc::c_long = number_of("futex_requeue");

/// `futex(uaddr, futex_op, val, timeout, uaddr2, val3)`.
///
/// # Errors
/// - `EAGAIN`: the word is not `val`.
/// - `ETIMEDOUT`, `EINTR`: the time passed, or a handler ran.
/// - `EINVAL`: an odd address, an unknown command, a bad time.
/// - `EFAULT`: an address that is not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn futex(
    cx: &mut Cx<'_>,
    uaddr: GuestAddr,
    futex_op: i32,
    val: u32,
    timeout: GuestAddr,
    uaddr2: GuestAddr,
    val3: u32,
) -> SysResult {
    let memory = cx.data().memory;
    let timed = TIMED.contains(&(futex_op & COMMAND));
    let args = [
        HostPtr::guest(memory, uaddr).into(),
        futex_op.into(),
        val.into(),
        if timed {
            HostPtr::guest(memory, timeout).into()
        } else {
            timeout.0.into()
        },
        HostPtr::guest(memory, uaddr2).into(),
        val3.into(),
    ];
    kernel(cx, libc::SYS_futex, &args)
}

/// `futex_waitv(waiters, nr_futexes, flags, timeout, clockid)`.
///
/// # Errors
/// - `EAGAIN`: a word has not the value that was expected.
/// - `ETIMEDOUT`, `EINTR`: the time passed, or a handler ran.
/// - `EINVAL`: no futex or more than 128, an odd address, unknown flags, a bad time.
/// - `EFAULT`: the list or a word is not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn futex_waitv(
    cx: &mut Cx<'_>,
    waiters: GuestPtr<GuestWaiter>,
    nr_futexes: u32,
    flags: u32,
    timeout: GuestAddr,
    clockid: i32,
) -> SysResult {
    if flags != 0 || nr_futexes == 0 || nr_futexes > WAITV_MAX || waiters.is_null() {
        return Err(Errno::EINVAL.into());
    }
    let memory = cx.data().memory;
    let list = host_waiters(memory, waiters, nr_futexes)?;
    let args = [
        HostPtr::input(list.as_slice()).into(),
        nr_futexes.into(),
        flags.into(),
        HostPtr::guest(memory, timeout).into(),
        clockid.into(),
    ];
    kernel(cx, FUTEX_WAITV, &args)
}

/// `futex_wake(uaddr, mask, nr, flags)`.
///
/// # Errors
/// - `EINVAL`: an odd address, unknown flags, an empty mask.
/// - `EFAULT`: `uaddr` is not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn futex_wake(
    cx: &mut Cx<'_>,
    uaddr: GuestAddr,
    mask: u64,
    nr: i32,
    flags: u32,
) -> SysResult {
    let memory = cx.data().memory;
    let args = [
        HostPtr::guest(memory, uaddr).into(),
        mask.into(),
        nr.into(),
        flags.into(),
    ];
    kernel(cx, FUTEX_WAKE, &args)
}

/// `futex_wait(uaddr, val, mask, flags, timeout, clockid)`.
///
/// # Errors
/// - `EAGAIN`: the word is not `val`.
/// - `ETIMEDOUT`, `EINTR`: the time passed, or a handler ran.
/// - `EINVAL`: an odd address, unknown flags, a bad time.
/// - `EFAULT`: an address that is not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn futex_wait(
    cx: &mut Cx<'_>,
    uaddr: GuestAddr,
    val: u64,
    mask: u64,
    flags: u32,
    timeout: GuestAddr,
    clockid: i32,
) -> SysResult {
    let memory = cx.data().memory;
    let args = [
        HostPtr::guest(memory, uaddr).into(),
        val.into(),
        mask.into(),
        flags.into(),
        HostPtr::guest(memory, timeout).into(),
        clockid.into(),
    ];
    kernel(cx, FUTEX_WAIT, &args)
}

/// `futex_requeue(waiters, flags, nr_wake, nr_requeue)`.
///
/// # Errors
/// - `EAGAIN`: the first word has not the value that was expected.
/// - `EINVAL`: an odd address, unknown flags, a negative number.
/// - `EFAULT`: the list or a word is not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn futex_requeue(
    cx: &mut Cx<'_>,
    waiters: GuestPtr<GuestWaiter>,
    flags: u32,
    nr_wake: i32,
    nr_requeue: i32,
) -> SysResult {
    if flags != 0 || waiters.is_null() {
        return Err(Errno::EINVAL.into());
    }
    let list = host_waiters(cx.data().memory, waiters, 2)?;
    let args = [
        HostPtr::input(list.as_slice()).into(),
        flags.into(),
        nr_wake.into(),
        nr_requeue.into(),
    ];
    kernel(cx, FUTEX_REQUEUE, &args)
}

/// The list with the addresses moved to the host's.
fn host_waiters(
    memory: GuestMemory,
    list: GuestPtr<GuestWaiter>,
    len: u32,
) -> Result<Vec<Waiter>, Errno> {
    let waiters = memory.load_slice(list, len as usize)?;
    let moved = waiters.into_iter().map(|[value, address, flags]| {
        let address = u32::try_from(address).map_err(|_| Errno::EFAULT)?;
        let address = HostPtr::guest(memory, GuestAddr(address));
        Ok(Waiter {
            value,
            address,
            flags,
        })
    });
    moved.collect()
}
