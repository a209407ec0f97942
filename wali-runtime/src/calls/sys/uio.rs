//! Scattered reads and writes: `readv`, `writev`, `preadv`, `pwritev`, their second versions,
//! `vmsplice`, and the calls that name memory of a process by vectors.
//!
//! By hand, since `struct iovec` holds addresses.

use crate::calls::gate::kernel;
use crate::kernel::structs::Iovec;
use crate::kernel::word::{HostPtr, Word};
use crate::kernel::{Errno, process};
use crate::memory::layout::Iovec as GuestIovec;
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};
use crate::program::{Cx, SysResult};

/// The most vectors a call takes; the kernel refuses more before it looks at them.
const UIO_MAXIOV: u64 = 1024;

/// This many vectors need no allocation.
const FEW: usize = 8;

/// Vectors as the kernel takes them.
pub(super) enum Vectors {
    /// In place.
    Few([Iovec<'static>; FEW], usize),
    /// Too many for that.
    Many(Vec<Iovec<'static>>),
    /// The guest's array cannot be read, or there are too many. The kernel is shown a bad array, so that it finds
    /// the error in its own order. It is not shown the guest's: another thread could have mapped that meanwhile.
    Bad(u64),
}

impl Vectors {
    /// Translates `count` vectors at `iov`.
    pub(super) fn load(memory: GuestMemory, iov: GuestPtr<GuestIovec>, count: u64) -> Vectors {
        let bad = Vectors::Bad(count);
        if count > UIO_MAXIOV {
            return bad;
        }
        let count = count as usize;
        let translate = |guest: GuestIovec| Iovec {
            base: HostPtr::guest(memory, GuestAddr(guest.base)),
            // A length of 2 GiB and more is a negative ssize_t, which the kernel refuses.
            len: i64::from(guest.len.cast_signed()).cast_unsigned(),
        };
        if count > FEW {
            return match memory.load_slice(iov, count) {
                Ok(guest) => Vectors::Many(guest.into_iter().map(translate).collect()),
                Err(_) => bad,
            };
        }
        let mut guest = [GuestIovec { base: 0, len: 0 }; FEW];
        if memory.fill(iov, &mut guest[..count]).is_err() {
            return bad;
        }
        let mut vectors = [Iovec::EMPTY; FEW];
        for (vector, guest) in vectors.iter_mut().zip(&guest[..count]) {
            *vector = translate(*guest);
        }
        Vectors::Few(vectors, count)
    }

    /// Keeps the lengths without the addresses: the kernel then finds any other error first, and `EFAULT` last.
    fn without_addresses(self) -> Vectors {
        let hide = |vector: Iovec<'static>| Iovec {
            base: HostPtr::NULL,
            ..vector
        };
        match self {
            Vectors::Few(vectors, count) => Vectors::Few(vectors.map(hide), count),
            Vectors::Many(vectors) => Vectors::Many(vectors.into_iter().map(hide).collect()),
            Vectors::Bad(count) => Vectors::Bad(count),
        }
    }

    /// The array's address for the kernel.
    pub(super) fn address(&self) -> HostPtr<'_> {
        match self {
            Vectors::Few(vectors, _) => HostPtr::input(vectors),
            Vectors::Many(vectors) => HostPtr::input(vectors.as_slice()),
            Vectors::Bad(_) => HostPtr::NULL,
        }
    }

    /// The number of vectors.
    pub(super) fn count(&self) -> u64 {
        match self {
            Vectors::Few(_, count) => *count as u64,
            Vectors::Many(vectors) => vectors.len() as u64,
            Vectors::Bad(count) => *count,
        }
    }
}

/// `readv(fd, iov, iovcnt)`: fills the buffers in order.
///
/// # Errors
/// - `EBADF`: `fd` is not open for reading.
/// - `EINTR`, `EAGAIN`: nothing was read, since a handler ran or nothing is there yet.
/// - `EINVAL`: more than 1024 vectors, or lengths whose sum is no size.
/// - `EFAULT`: the vectors or a buffer are not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn readv(cx: &mut Cx<'_>, fd: i32, iov: GuestPtr<GuestIovec>, iovcnt: i32) -> SysResult {
    transfer(cx, libc::SYS_readv, fd, (iov, i64::from(iovcnt)), [])
}

/// `writev(fd, iov, iovcnt)`: writes the buffers in order.
///
/// # Errors
/// - `EBADF`: `fd` is not open for writing.
/// - `EINTR`, `EAGAIN`: nothing was written, since a handler ran or there is no room yet.
/// - `EINVAL`: more than 1024 vectors, or lengths whose sum is no size.
/// - `EFAULT`: the vectors or a buffer are not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn writev(
    cx: &mut Cx<'_>,
    fd: i32,
    iov: GuestPtr<GuestIovec>,
    iovcnt: i32,
) -> SysResult {
    transfer(cx, libc::SYS_writev, fd, (iov, i64::from(iovcnt)), [])
}

/// `preadv(fd, iov, iovcnt, pos_l, pos_h)`: `readv` at a position; `pos_l` is all of it.
///
/// # Errors
/// - `EBADF`: `fd` is not open for reading.
/// - `EINTR`, `EAGAIN`: nothing was read, since a handler ran or nothing is there yet.
/// - `ESPIPE`: the file has no positions.
/// - `EINVAL`: more than 1024 vectors, or lengths whose sum is no size.
/// - `EFAULT`: the vectors or a buffer are not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn preadv(
    cx: &mut Cx<'_>,
    fd: i32,
    iov: GuestPtr<GuestIovec>,
    iovcnt: i64,
    pos_l: i64,
    pos_h: i64,
) -> SysResult {
    let at = [pos_l.into(), pos_h.into()];
    transfer(cx, libc::SYS_preadv, fd, (iov, iovcnt), at)
}

/// `pwritev(fd, iov, iovcnt, pos_l, pos_h)`: `writev` at a position; `pos_l` is all of it.
///
/// # Errors
/// - `EBADF`: `fd` is not open for writing.
/// - `EINTR`, `EAGAIN`: nothing was written, since a handler ran or there is no room yet.
/// - `ESPIPE`: the file has no positions.
/// - `EINVAL`: more than 1024 vectors, or lengths whose sum is no size.
/// - `EFAULT`: the vectors or a buffer are not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn pwritev(
    cx: &mut Cx<'_>,
    fd: i32,
    iov: GuestPtr<GuestIovec>,
    iovcnt: i64,
    pos_l: i64,
    pos_h: i64,
) -> SysResult {
    let at = [pos_l.into(), pos_h.into()];
    transfer(cx, libc::SYS_pwritev, fd, (iov, iovcnt), at)
}

/// `preadv2(fd, iov, iovcnt, pos_l, pos_h, flags)`: `preadv` with `RWF_…` flags.
///
/// # Errors
/// - `EOPNOTSUPP`: an unknown flag.
/// - As for [`preadv`].
pub(super) fn preadv2(
    cx: &mut Cx<'_>,
    fd: i32,
    iov: GuestPtr<GuestIovec>,
    iovcnt: i64,
    pos_l: i64,
    pos_h: i64,
    flags: i32,
) -> SysResult {
    let rest = [pos_l.into(), pos_h.into(), flags.into()];
    transfer(cx, libc::SYS_preadv2, fd, (iov, iovcnt), rest)
}

/// `pwritev2(fd, iov, iovcnt, pos_l, pos_h, flags)`: `pwritev` with `RWF_…` flags.
///
/// # Errors
/// - `EOPNOTSUPP`: an unknown flag.
/// - As for [`pwritev`].
pub(super) fn pwritev2(
    cx: &mut Cx<'_>,
    fd: i32,
    iov: GuestPtr<GuestIovec>,
    iovcnt: i64,
    pos_l: i64,
    pos_h: i64,
    flags: i32,
) -> SysResult {
    let rest = [pos_l.into(), pos_h.into(), flags.into()];
    transfer(cx, libc::SYS_pwritev2, fd, (iov, iovcnt), rest)
}

/// `vmsplice(fd, iov, nr_segs, flags)`: moves pages between the buffers and a pipe.
///
/// # Errors
/// - `EBADF`: `fd` is no end of a pipe.
/// - `EAGAIN`: the pipe is full or empty, and the flags say not to wait.
/// - `EINVAL`: more than 1024 vectors, or lengths whose sum is no size.
/// - `EFAULT`: the vectors or a buffer are not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn vmsplice(
    cx: &mut Cx<'_>,
    fd: i32,
    iov: GuestPtr<GuestIovec>,
    nr_segs: i64,
    flags: u32,
) -> SysResult {
    transfer(cx, libc::SYS_vmsplice, fd, (iov, nr_segs), [flags.into()])
}

/// A call that takes a descriptor, vectors and further numbers.
fn transfer<const N: usize>(
    cx: &mut Cx<'_>,
    number: libc::c_long,
    fd: i32,
    (iov, count): (GuestPtr<GuestIovec>, i64),
    rest: [Word<'static>; N],
) -> SysResult {
    let vectors = Vectors::load(cx.data().memory, iov, count.cast_unsigned());
    let mut words = [Word::ZERO; 6];
    words[0] = fd.into();
    words[1] = vectors.address().into();
    words[2] = vectors.count().into();
    words[3..3 + N].copy_from_slice(&rest);
    kernel(cx, number, &words)
}

/// `process_vm_readv(pid, local_iov, liovcnt, remote_iov, riovcnt, flags)`.
///
/// # Errors
/// - `EFAULT`: memory of the own process that is not mapped, or any of another one.
/// - `ESRCH`, `EPERM`: no such process, or one that the program may not look into.
/// - `EINVAL`: more than 1024 vectors, or flags.
/// - Other errors are the kernel's.
pub(super) fn process_vm_readv(
    cx: &mut Cx<'_>,
    pid: i32,
    local: GuestPtr<GuestIovec>,
    liovcnt: i64,
    remote: GuestPtr<GuestIovec>,
    riovcnt: i64,
    flags: i64,
) -> SysResult {
    let vectors = [(local, liovcnt), (remote, riovcnt)];
    process_vm(cx, libc::SYS_process_vm_readv, pid, vectors, flags)
}

/// `process_vm_writev(pid, local_iov, liovcnt, remote_iov, riovcnt, flags)`, as
/// [`process_vm_readv`].
///
/// # Errors
/// As for [`process_vm_readv`].
pub(super) fn process_vm_writev(
    cx: &mut Cx<'_>,
    pid: i32,
    local: GuestPtr<GuestIovec>,
    liovcnt: i64,
    remote: GuestPtr<GuestIovec>,
    riovcnt: i64,
    flags: i64,
) -> SysResult {
    let vectors = [(local, liovcnt), (remote, riovcnt)];
    process_vm(cx, libc::SYS_process_vm_writev, pid, vectors, flags)
}

fn process_vm(
    cx: &mut Cx<'_>,
    number: libc::c_long,
    pid: i32,
    vectors: [(GuestPtr<GuestIovec>, i64); 2],
    flags: i64,
) -> SysResult {
    let memory = cx.data().memory;
    let [local, mut remote] =
        vectors.map(|(iov, count)| Vectors::load(memory, iov, count.cast_unsigned()));
    // Differs from Linux: where another process has its linear memory is not known, so nothing of it
    // can be reached.
    if !process::has_thread(pid) {
        remote = remote.without_addresses();
    }
    let words = [
        pid.into(),
        local.address().into(),
        local.count().into(),
        remote.address().into(),
        remote.count().into(),
        flags.into(),
    ];
    kernel(cx, number, &words)
}

/// `process_madvise(pidfd, iovec, vlen, advice, flags)`: advice on ranges of a process's memory.
///
/// Differs from Linux: the addresses are translated as the program's own are, so they are those of
/// a process whose linear memory lies where this one's does; advice changes nothing of what is there.
///
/// # Errors
/// - `EINVAL`: advice on what a forked child gets.
/// - Other errors are the kernel's.
pub(super) fn process_madvise(
    cx: &mut Cx<'_>,
    pidfd: i32,
    iovec: GuestPtr<GuestIovec>,
    vlen: u32,
    advice: i32,
    flags: u32,
) -> SysResult {
    // A child's reservation may have no holes, see `Mappings::advise`.
    if matches!(advice, libc::MADV_DONTFORK | libc::MADV_DOFORK) {
        return Err(Errno::EINVAL.into());
    }
    let vectors = Vectors::load(cx.data().memory, iovec, u64::from(vlen));
    let words = [
        pidfd.into(),
        vectors.address().into(),
        vectors.count().into(),
        advice.into(),
        flags.into(),
    ];
    kernel(cx, libc::SYS_process_madvise, &words)
}
