//! Asynchronous reads and writes of the kernel: `io_submit`, `io_cancel`, `io_getevents`,
//! `io_pgetevents`. `io_setup` and `io_destroy` are the kernel's as they are; the ring that a
//! context names lies outside the linear memory.
//!
//! By hand, since `struct iocb` holds addresses. The kernel names a request by the address of its
//! `iocb`, so the translated copies lie in a second range of addresses, each at the same distance
//! from its base as the guest's own from the linear memory's ([`Shadow`]).

use super::uio::Vectors;
use crate::calls::gate::{kernel, number_of};
use crate::kernel::Errno;
use crate::kernel::structs::Iocb;
use crate::kernel::word::HostPtr;
use crate::memory::layout::{IoEvent, Iocb as GuestIocb, Iovec as GuestIovec};
use crate::memory::{GuestAddr, GuestMemory, GuestPtr, Shadow};
use crate::program::{Cx, SysResult};

const SYS_IO_PGETEVENTS: libc::c_long = number_of("io_pgetevents");

/// Where in `struct iocb` the key is, which the kernel sets to 0 and looks at before it cancels.
const KEY: u32 = 8;

/// Requests whose buffer is no flat memory.
const IOCB_CMD_POLL: u16 = 5;
const IOCB_CMD_PREADV: u16 = 7;
const IOCB_CMD_PWRITEV: u16 = 8;

/// `io_submit(ctx_id, nr, iocbpp)`: returns how many requests were taken.
///
/// # Errors
/// Those of the first request; a later one's end the call with what was taken.
pub(super) fn io_submit(cx: &mut Cx<'_>, ctx_id: u64, nr: i64, iocbpp: GuestPtr<u32>) -> SysResult {
    // The kernel looks at the context and the number before it looks at the first request.
    let words = [ctx_id.into(), nr.min(0).into(), HostPtr::NULL.into()];
    kernel(cx, libc::SYS_io_submit, &words)?;
    let mut done = 0;
    while done < nr {
        match submit(cx, ctx_id, iocbpp, done) {
            Ok(_) => done += 1,
            Err(_) if done > 0 => break,
            Err(stop) => return Err(stop),
        }
    }
    Ok(done)
}

/// Submits request number `index` of the array.
fn submit(cx: &mut Cx<'_>, ctx_id: u64, iocbpp: GuestPtr<u32>, index: i64) -> SysResult {
    let memory = cx.data().memory;
    let index = u32::try_from(index).map_err(|_| Errno::EFAULT)?;
    let at = iocbpp.element(index).ok_or(Errno::EFAULT)?;
    let at = GuestPtr::<GuestIocb>::new(GuestAddr(memory.load(at)?));
    let guest = memory.load(at)?;
    let vectors;
    let buf = match guest.opcode {
        IOCB_CMD_POLL => HostPtr::number(u32::try_from(guest.buf).unwrap_or(u32::MAX)),
        IOCB_CMD_PREADV | IOCB_CMD_PWRITEV => {
            let iov = GuestPtr::<GuestIovec>::new(address(guest.buf));
            vectors = Vectors::load(memory, iov, guest.nbytes);
            vectors.address()
        }
        _ => HostPtr::guest(memory, address(guest.buf)),
    };
    let host = Iocb {
        data: guest.data,
        key: guest.key,
        rw_flags: guest.rw_flags,
        opcode: guest.opcode,
        reqprio: guest.reqprio,
        fildes: guest.fildes,
        buf,
        nbytes: guest.nbytes,
        offset: guest.offset,
        reserved2: guest.reserved2,
        flags: guest.flags,
        resfd: guest.resfd,
    };
    let place = Shadow::get_or_reserve()?.place(at.addr(), &host);
    let list = [place];
    let words = [ctx_id.into(), 1i64.into(), HostPtr::input(&list).into()];
    kernel(cx, libc::SYS_io_submit, &words)
}

/// `io_cancel(ctx_id, iocb, result)`: takes a request back.
///
/// # Errors
/// - `EFAULT`: `iocb` is not in guest memory.
/// - `EINVAL`: its key is not 0, or the context is none.
/// - `ENOMEM`: no room for the engine's copies of requests.
/// - Other errors are the kernel's.
pub(super) fn io_cancel(
    cx: &mut Cx<'_>,
    ctx_id: u64,
    iocb: GuestAddr,
    result: GuestPtr<IoEvent>,
) -> SysResult {
    let memory = cx.data().memory;
    let key = iocb.checked_add(KEY).ok_or(Errno::EFAULT)?;
    if memory.load(GuestPtr::<u32>::new(key))? != 0 {
        return Err(Errno::EINVAL.into());
    }
    let place = Shadow::get_or_reserve()?.address(iocb);
    let words = [
        ctx_id.into(),
        place.into(),
        HostPtr::guest(memory, result.addr()).into(),
    ];
    kernel(cx, libc::SYS_io_cancel, &words)
}

/// `io_getevents(ctx_id, min_nr, nr, events, timeout)`: returns how many requests are done.
///
/// # Errors
/// - `EINVAL`: the context is none, or `min_nr` and `nr` do not go together.
/// - `EINTR`: a handler ran before a request was done.
/// - `EFAULT`: `events` or `timeout`.
/// - Other errors are the kernel's.
pub(super) fn io_getevents(
    cx: &mut Cx<'_>,
    ctx_id: u64,
    min_nr: i64,
    nr: i64,
    events: GuestPtr<IoEvent>,
    timeout: GuestAddr,
) -> SysResult {
    let memory = cx.data().memory;
    let words = [
        ctx_id.into(),
        min_nr.into(),
        nr.into(),
        HostPtr::guest(memory, events.addr()).into(),
        HostPtr::guest(memory, timeout).into(),
    ];
    let got = kernel(cx, libc::SYS_io_getevents, &words)?;
    name_requests(memory, events, got)?;
    Ok(got)
}

/// `io_pgetevents(ctx_id, min_nr, nr, events, timeout, usig)`: the same under another signal mask.
///
/// # Errors
/// - `EINVAL`: as for [`io_getevents`]; the mask's size is not 8.
/// - `EINTR`: a handler ran before a request was done.
/// - `EFAULT`: a pointer.
/// - Other errors are the kernel's.
pub(super) fn io_pgetevents(
    cx: &mut Cx<'_>,
    ctx_id: u64,
    min_nr: i64,
    nr: i64,
    events: GuestPtr<IoEvent>,
    timeout: GuestAddr,
    usig: GuestPtr<[u32; 2]>,
) -> SysResult {
    let memory = cx.data().memory;
    let argpack = super::select::load_argpack(memory, usig)?;
    let words = [
        ctx_id.into(),
        min_nr.into(),
        nr.into(),
        HostPtr::guest(memory, events.addr()).into(),
        HostPtr::guest(memory, timeout).into(),
        argpack
            .as_ref()
            .map_or(HostPtr::NULL, HostPtr::input)
            .into(),
    ];
    let got = kernel(cx, SYS_IO_PGETEVENTS, &words)?;
    name_requests(memory, events, got)?;
    Ok(got)
}

/// Puts the guest's addresses of the requests into `count` events.
fn name_requests(memory: GuestMemory, events: GuestPtr<IoEvent>, count: i64) -> Result<(), Errno> {
    for index in 0..count as u32 {
        let at = events.element(index).ok_or(Errno::EFAULT)?;
        let mut event = memory.load(at)?;
        if let Some(guest) = Shadow::get_or_reserve()?.guest_addr(event.obj) {
            event.obj = u64::from(guest.0);
            memory.store(at, event)?;
        }
    }
    Ok(())
}

/// A buffer's address, which the guest keeps in 64 bits. One that is too large becomes null, which the kernel
/// refuses in its own order.
fn address(buf: u64) -> GuestAddr {
    u32::try_from(buf).map_or(GuestAddr::NULL, GuestAddr)
}
