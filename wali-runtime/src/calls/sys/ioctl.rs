//! `ioctl`.
//!
//! By hand: the argument is a number or an address, and what lies there may hold addresses. The
//! requests are listed in the spec (`ioctls.toml`).

use wali_abi::IoctlArg;

use crate::calls::gate::kernel;
use crate::kernel::structs::{
    BlkpgArg, ConsoleFontOp, Ifconf, IfreqData, Rtentry, SerialStruct, SockFprog, Unimapdesc,
};
use crate::kernel::word::{HostPtr, Word};
use crate::kernel::{Errno, descriptor};
use crate::memory::layout::{
    BlkpgArg as GuestBlkpgArg, ConsoleFontOp as GuestFontOp, Ifconf as GuestIfconf,
    Rtentry as GuestRtentry, SerialStruct as GuestSerial, SockFprog as GuestFprog,
    Unimapdesc as GuestUnimapdesc,
};
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};
use crate::program::{Cx, SysResult};

/// Makes a descriptor as the call `userfaultfd` does.
const USERFAULTFD_IOC_NEW: u32 = 0xaa00;

/// Bytes of an IPv6 socket's `struct in6_rtmsg`.
const IN6_RTMSG: usize = 80;

/// Bytes of `struct ifreq` before its union.
const IFREQ_NAME: usize = 16;

/// `ioctl(fd, request, argp)`.
///
/// # Errors
/// - `EBADF`: `fd` is not open.
/// - `ENOTTY`: a request that is not listed and whose argument could hold addresses.
/// - Other errors are the kernel's.
pub(super) fn ioctl(cx: &mut Cx<'_>, fd: i32, request: u32, argp: GuestAddr) -> SysResult {
    let memory = cx.data().memory;
    let flat: Word<'_> = HostPtr::guest(memory, argp).into();
    let Some(known) = wali_abi::ioctl(request) else {
        return match Unlisted::of(request) {
            // Differs from Linux: refused as the call `userfaultfd` is.
            Unlisted::Number if request == USERFAULTFD_IOC_NEW => Err(Errno::EPERM.into()),
            Unlisted::Number => pass(cx, fd, request, argp.0.into()),
            Unlisted::Flat => pass(cx, fd, request, flat),
            Unlisted::Unknown => {
                descriptor::check(fd)?;
                // Differs from Linux: a request that is not in the spec's list is not known.
                Err(Errno::ENOTTY.into())
            }
        };
    };
    let request = known.host_number;
    match known.arg {
        IoctlArg::Number => pass(cx, fd, request, argp.0.into()),
        IoctlArg::Int => pass(cx, fd, request, argp.0.cast_signed().into()),
        IoctlArg::Flat => pass(cx, fd, request, flat),
        IoctlArg::BlkpgArg => blkpg(cx, fd, request, GuestPtr::new(argp)),
        IoctlArg::ConsoleFontOp => console_font(cx, fd, request, GuestPtr::new(argp)),
        IoctlArg::Ifconf => ifconf(cx, fd, request, GuestPtr::new(argp)),
        IoctlArg::IfreqData => ifreq_data(cx, fd, request, argp),
        IoctlArg::Rtentry => route(cx, fd, request, argp),
        IoctlArg::SerialStruct => serial(cx, fd, request, GuestPtr::new(argp)),
        IoctlArg::SockFprogOut => read_filter(cx, fd, request, GuestPtr::new(argp)),
        IoctlArg::Unimapdesc => unimap(cx, fd, request, GuestPtr::new(argp)),
        IoctlArg::SockFprog => match load_filter(memory, GuestPtr::new(argp)) {
            Ok(program) => pass(cx, fd, request, HostPtr::input(&program).into()),
            Err(_) => pass_bad_address(cx, fd, request),
        },
    }
}

fn pass(cx: &mut Cx<'_>, fd: i32, request: u32, arg: Word<'_>) -> SysResult {
    kernel(cx, libc::SYS_ioctl, &[fd.into(), request.into(), arg])
}

/// Passes on a request whose data are not in guest memory, so that the kernel finds what is wrong in its own
/// order.
fn pass_bad_address(cx: &mut Cx<'_>, fd: i32, request: u32) -> SysResult {
    pass(cx, fd, request, HostPtr::NULL.into())
}

/// What can be told of a request that is not listed by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unlisted {
    /// The number says that there are no data. What the guest passes has 32 bits, so the kernel could not take
    /// it for an address of the host's either.
    Number,
    /// One of a range that is listed: of any size, without addresses.
    Flat,
    /// Anything may lie there.
    Unknown,
}

impl Unlisted {
    /// Splits the number into direction and size as the kernel's `_IOC` does.
    ///
    /// A size tells nothing of what a driver reads: there are requests that say `int` and take a structure
    /// with addresses.
    fn of(request: u32) -> Unlisted {
        let (size, has_direction) = (request >> 16 & 0x3fff, request >> 30 != 0);
        if !has_direction || size == 0 {
            Unlisted::Number
        } else if wali_abi::ioctl_range(request).is_some() {
            Unlisted::Flat
        } else {
            Unlisted::Unknown
        }
    }
}

/// A change of a disk's partitions.
fn blkpg(cx: &mut Cx<'_>, fd: i32, request: u32, argp: GuestPtr<GuestBlkpgArg>) -> SysResult {
    let memory = cx.data().memory;
    let Ok(guest) = memory.load(argp) else {
        return pass_bad_address(cx, fd, request);
    };
    let host = BlkpgArg {
        head: guest.head,
        pad: 0,
        data: HostPtr::guest(memory, GuestAddr(guest.data)),
    };
    pass(cx, fd, request, HostPtr::input(&host).into())
}

/// The console's font, read or set.
fn console_font(cx: &mut Cx<'_>, fd: i32, request: u32, argp: GuestPtr<GuestFontOp>) -> SysResult {
    let memory = cx.data().memory;
    let Ok(mut guest) = memory.load(argp) else {
        return pass_bad_address(cx, fd, request);
    };
    let mut host = ConsoleFontOp {
        head: guest.head,
        pad: 0,
        data: HostPtr::guest(memory, GuestAddr(guest.data)),
    };
    let result = pass(cx, fd, request, HostPtr::output(&mut host).into())?;
    guest.head = host.head;
    memory.store(argp, guest)?;
    Ok(result)
}

/// The console's table of characters, read or set.
fn unimap(cx: &mut Cx<'_>, fd: i32, request: u32, argp: GuestPtr<GuestUnimapdesc>) -> SysResult {
    let memory = cx.data().memory;
    let Ok(mut guest) = memory.load(argp) else {
        return pass_bad_address(cx, fd, request);
    };
    let mut host = Unimapdesc {
        count: guest.count,
        pad: [0; 3],
        entries: HostPtr::guest(memory, GuestAddr(guest.entries)),
    };
    let result = pass(cx, fd, request, HostPtr::output(&mut host).into());
    // The kernel says how many there are even where there is no room for them.
    if host.count != guest.count {
        guest.count = host.count;
        memory.store(argp, guest)?;
    }
    result
}

/// A route to add or to remove. What lies at `argp` depends on the socket's family; whichever it
/// is, the kernel finds no other address in it than one of the guest's.
fn route(cx: &mut Cx<'_>, fd: i32, request: u32, argp: GuestAddr) -> SysResult {
    let memory = cx.data().memory;
    let mut host = Rtentry {
        head: [0; 10],
        metric: 0,
        pad1: [0; 3],
        dev: HostPtr::NULL,
        mtu: 0,
        window: 0,
        irtt: 0,
        pad2: [0; 3],
    };
    if descriptor::socket_family(fd) == Some(libc::AF_INET6) {
        const _: () = assert!(IN6_RTMSG == size_of::<[u64; 10]>());
        let Ok(message) = memory.load(GuestPtr::<[u64; 10]>::new(argp)) else {
            return pass_bad_address(cx, fd, request);
        };
        host.head = message;
    } else {
        let Ok(guest) = memory.load(GuestPtr::<GuestRtentry>::new(argp)) else {
            return pass_bad_address(cx, fd, request);
        };
        host = Rtentry {
            head: guest.head,
            metric: guest.metric,
            dev: HostPtr::guest(memory, GuestAddr(guest.dev)),
            mtu: guest.mtu,
            window: guest.window,
            irtt: guest.irtt,
            ..host
        };
    }
    pass(cx, fd, request, HostPtr::input(&host).into())
}

/// What a serial port is like, read or set.
fn serial(cx: &mut Cx<'_>, fd: i32, request: u32, argp: GuestPtr<GuestSerial>) -> SysResult {
    let memory = cx.data().memory;
    let Ok(guest) = memory.load(argp) else {
        return pass_bad_address(cx, fd, request);
    };
    let given = SerialStruct {
        head: guest.head,
        pad: 0,
        iomem_base: guest.iomem_base.into(),
        rest: guest.rest,
    };
    let mut host = given;
    let result = pass(cx, fd, request, HostPtr::output(&mut host).into())?;
    if (host.head, host.iomem_base, host.rest) != (given.head, given.iomem_base, given.rest) {
        let filled = GuestSerial {
            head: host.head,
            iomem_base: host.iomem_base as u32,
            rest: host.rest,
        };
        memory.store(argp, filled)?;
    }
    Ok(result)
}

/// Reads the program of an attached packet filter. The kernel stores it where a structure says.
fn read_filter(cx: &mut Cx<'_>, fd: i32, request: u32, argp: GuestPtr<GuestFprog>) -> SysResult {
    let memory = cx.data().memory;
    let mut host = [0u64; 2];
    let result = pass(cx, fd, request, HostPtr::output(&mut host).into())?;
    let [len, filter] = host;
    let guest = GuestFprog {
        len: len as u16,
        pad: 0,
        filter: memory.guest_addr(filter as usize).map_or(0, |addr| addr.0),
    };
    memory.store(argp, guest)?;
    Ok(result)
}

/// The list of interface addresses, stored where the guest's `struct ifconf` says.
fn ifconf(cx: &mut Cx<'_>, fd: i32, request: u32, argp: GuestPtr<GuestIfconf>) -> SysResult {
    let memory = cx.data().memory;
    let Ok(mut guest) = memory.load(argp) else {
        return pass_bad_address(cx, fd, request);
    };
    let mut host = Ifconf {
        len: guest.len,
        pad: 0,
        buf: HostPtr::guest(memory, GuestAddr(guest.buf)),
    };
    let result = pass(cx, fd, request, HostPtr::output(&mut host).into())?;
    guest.len = host.len;
    memory.store(argp, guest)?;
    Ok(result)
}

/// A request about an interface whose data lie where the guest's `ifr_data` says.
fn ifreq_data(cx: &mut Cx<'_>, fd: i32, request: u32, argp: GuestAddr) -> SysResult {
    let memory = cx.data().memory;
    let name = memory.load(GuestPtr::<[u8; IFREQ_NAME]>::new(argp));
    let data = (argp.checked_add(IFREQ_NAME as u32).ok_or(Errno::EFAULT))
        .and_then(|data| memory.load(GuestPtr::<u32>::new(data)));
    let (Ok(name), Ok(data)) = (name, data.map(GuestAddr)) else {
        return pass_bad_address(cx, fd, request);
    };
    let mut host = IfreqData {
        name,
        data: HostPtr::guest(memory, data),
        rest: [0; 2],
    };
    pass(cx, fd, request, HostPtr::output(&mut host).into())
}

/// A packet filter's program as the kernel takes it.
///
/// # Errors
/// - `EFAULT`: not in guest memory.
pub(super) fn load_filter(
    memory: GuestMemory,
    program: GuestPtr<GuestFprog>,
) -> Result<SockFprog<'static>, Errno> {
    let guest = memory.load(program)?;
    Ok(SockFprog {
        len: u64::from(guest.len),
        filter: HostPtr::guest(memory, GuestAddr(guest.filter)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unlisted_request_is_judged_by_direction_size_and_type() {
        let cases = [
            ("_IO('x', 1)", 0x0000_7801, Unlisted::Number),
            ("_IOR('x', 1, int)", 0x8004_7801, Unlisted::Unknown),
            ("HIDPCONNADD", 0x4004_48c8, Unlisted::Unknown),
            ("BNEPGETCONNLIST", 0x8004_42d2, Unlisted::Unknown),
            ("_IOW('x', 1, long)", 0x4008_7801, Unlisted::Unknown),
            ("KVM_SET_USER_MEMORY_REGION", 0x4020_ae46, Unlisted::Unknown),
            ("EVIOCGNAME(256)", 0x8100_4506, Unlisted::Flat),
            ("EVIOCSFF", 0x4030_4580, Unlisted::Unknown),
            ("EVIOCGMASK", 0x8010_4592, Unlisted::Unknown),
            ("PROCMAP_QUERY", 0xc068_6611, Unlisted::Unknown),
            ("PIDFD_GET_INFO of 64 bytes", 0xc040_ff0b, Unlisted::Flat),
            ("NS_MNT_GET_NEXT of 32 bytes", 0x8020_b70b, Unlisted::Flat),
            ("JSIOCGNAME(64)", 0x8040_6a13, Unlisted::Flat),
        ];
        for (name, request, expected) in cases {
            assert_eq!(Unlisted::of(request), expected, "{name}");
        }
    }

    #[test]
    fn no_listed_request_could_be_decided_otherwise() {
        let listed = [
            "PROCMAP_QUERY",
            "PAGEMAP_SCAN",
            "UFFDIO_COPY",
            "EVIOCSFF",
            "SG_IO",
        ];
        for name in listed {
            assert!(
                wali_abi::IOCTLS.iter().all(|known| known.name != name),
                "{name} holds addresses"
            );
        }
    }
}
