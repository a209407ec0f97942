//! The kernel's structures that hold addresses, filled from [`HostPtr`]s only.

use super::word::HostPtr;

/// `struct rlimit64`, the same in the interface; it holds no address.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct Rlimit {
    pub(crate) cur: u64,
    pub(crate) max: u64,
}

/// `struct iovec`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Iovec<'a> {
    pub(crate) base: HostPtr<'a>,
    pub(crate) len: u64,
}

impl Iovec<'_> {
    /// No bytes at all.
    pub(crate) const EMPTY: Iovec<'static> = Iovec {
        base: HostPtr::NULL,
        len: 0,
    };
}

/// `struct msghdr`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Msghdr<'a> {
    pub(crate) name: HostPtr<'a>,
    pub(crate) namelen: u32,
    pub(crate) pad1: u32,
    pub(crate) iov: HostPtr<'a>,
    pub(crate) iovlen: u64,
    pub(crate) control: HostPtr<'a>,
    pub(crate) controllen: u64,
    pub(crate) flags: i32,
    pub(crate) pad2: u32,
}

/// `struct mmsghdr`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Mmsghdr<'a> {
    pub(crate) header: Msghdr<'a>,
    pub(crate) len: u32,
    pub(crate) pad: u32,
}

/// A signal set and its size, as `pselect6` takes them in one argument.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct SigsetArgpack<'a> {
    pub(crate) mask: HostPtr<'a>,
    pub(crate) mask_size: u64,
}

/// `struct sigevent`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Sigevent<'a> {
    pub(crate) value: HostPtr<'a>,
    pub(crate) signo: i32,
    pub(crate) notify: i32,
    pub(crate) thread_id: i32,
    pub(crate) pad: [u32; 11],
}

/// `struct sock_fprog`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct SockFprog<'a> {
    pub(crate) len: u64,
    pub(crate) filter: HostPtr<'a>,
}

/// `struct ifconf`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Ifconf<'a> {
    pub(crate) len: i32,
    pub(crate) pad: u32,
    pub(crate) buf: HostPtr<'a>,
}

/// `struct blkpg_ioctl_arg`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct BlkpgArg<'a> {
    pub(crate) head: [i32; 3],
    pub(crate) pad: u32,
    pub(crate) data: HostPtr<'a>,
}

/// `struct console_font_op`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct ConsoleFontOp<'a> {
    pub(crate) head: [u32; 5],
    pub(crate) pad: u32,
    pub(crate) data: HostPtr<'a>,
}

/// `struct rtentry`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Rtentry<'a> {
    pub(crate) head: [u64; 10],
    pub(crate) metric: i16,
    pub(crate) pad1: [u16; 3],
    pub(crate) dev: HostPtr<'a>,
    pub(crate) mtu: u64,
    pub(crate) window: u64,
    pub(crate) irtt: u16,
    pub(crate) pad2: [u16; 3],
}

/// `struct serial_struct`, whose address is one of the machine's.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct SerialStruct {
    pub(crate) head: [u32; 11],
    pub(crate) pad: u32,
    pub(crate) iomem_base: u64,
    pub(crate) rest: [u32; 4],
}

/// `struct unimapdesc`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Unimapdesc<'a> {
    pub(crate) count: u16,
    pub(crate) pad: [u16; 3],
    pub(crate) entries: HostPtr<'a>,
}

/// `struct ifreq` with an address in its union.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct IfreqData<'a> {
    pub(crate) name: [u8; 16],
    pub(crate) data: HostPtr<'a>,
    pub(crate) rest: [u64; 2],
}

/// `struct iocb`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Iocb<'a> {
    pub(crate) data: u64,
    pub(crate) key: u32,
    pub(crate) rw_flags: i32,
    pub(crate) opcode: u16,
    pub(crate) reqprio: i16,
    pub(crate) fildes: u32,
    pub(crate) buf: HostPtr<'a>,
    pub(crate) nbytes: u64,
    pub(crate) offset: i64,
    pub(crate) reserved2: u64,
    pub(crate) flags: u32,
    pub(crate) resfd: u32,
}

/// `struct xattr_args`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct XattrArgs<'a> {
    pub(crate) value: HostPtr<'a>,
    pub(crate) size: u32,
    pub(crate) flags: u32,
}

/// `struct keyctl_kdf_params`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct KdfParams<'a> {
    pub(crate) hashname: HostPtr<'a>,
    pub(crate) otherinfo: HostPtr<'a>,
    pub(crate) otherinfolen: u32,
    pub(crate) spare: [u32; 8],
    pub(crate) pad: u32,
}

const _: () = {
    assert!(size_of::<Rlimit>() == size_of::<libc::rlimit64>());
    assert!(size_of::<Iocb<'_>>() == 64);
    assert!(size_of::<XattrArgs<'_>>() == 16);
    assert!(size_of::<Iovec<'_>>() == size_of::<libc::iovec>());
    assert!(size_of::<Msghdr<'_>>() == size_of::<libc::msghdr>());
    assert!(size_of::<Mmsghdr<'_>>() == size_of::<libc::mmsghdr>());
    assert!(size_of::<Sigevent<'_>>() == size_of::<libc::sigevent>());
    assert!(size_of::<SockFprog<'_>>() == size_of::<libc::sock_fprog>());
    assert!(size_of::<IfreqData<'_>>() == size_of::<libc::ifreq>());
    assert!(size_of::<Ifconf<'_>>() == size_of::<libc::ifconf>());
    assert!(size_of::<BlkpgArg<'_>>() == 24);
    assert!(size_of::<ConsoleFontOp<'_>>() == 32);
    assert!(size_of::<Rtentry<'_>>() == size_of::<libc::rtentry>());
    assert!(size_of::<SerialStruct>() == 72);
    assert!(size_of::<Unimapdesc<'_>>() == 16);
};
