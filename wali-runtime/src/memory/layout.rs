//! The structures of the interface that hold addresses, laid out as the guest sees them.
//!
//! Flat structures need no type here: the kernel reads and writes them in the linear memory.

use super::Plain;
use crate::kernel::structs::Rlimit;

/// Defines a structure, promises that it is plain data and checks its size against the spec.
macro_rules! guest_struct {
    ($(#[$doc:meta])* $name:ident = $spec:literal { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        #[repr(C)]
        pub(crate) struct $name {
            $($(#[$field_doc])* pub(crate) $field: $ty,)*
        }

        // SAFETY: every field is plain, and together they fill the structure without padding.
        unsafe impl Plain for $name {}

        const _: () = {
            let fields = 0 $(+ size_of::<$ty>())*;
            assert!(fields == size_of::<$name>(), concat!($spec, " has padding"));
            let layout = wali_abi::LAYOUTS;
            let mut at = 0;
            while !same(layout[at].name, $spec) {
                at += 1;
            }
            assert!(layout[at].size_bytes as usize == size_of::<$name>(), $spec);
        };
    };
}

/// Whether two strings are equal, for constants.
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

guest_struct! {
    /// `struct iovec`.
    Iovec = "iovec" {
        base: u32,
        len: u32,
    }
}

guest_struct! {
    /// `struct msghdr`.
    Msghdr = "msghdr" {
        name: u32,
        namelen: u32,
        iov: u32,
        iovlen: i32,
        pad1: u32,
        control: u32,
        controllen: u32,
        pad2: u32,
        flags: i32,
    }
}

guest_struct! {
    /// `struct mmsghdr`.
    Mmsghdr = "mmsghdr" {
        hdr: Msghdr,
        len: u32,
    }
}

guest_struct! {
    /// `struct sigevent`.
    Sigevent = "sigevent" {
        value: u32,
        signo: i32,
        notify: i32,
        thread_id: i32,
        pad1: [u32; 12],
    }
}

guest_struct! {
    /// `struct ifconf`.
    Ifconf = "ifconf" {
        len: i32,
        buf: u32,
    }
}

guest_struct! {
    /// `struct blkpg_ioctl_arg`.
    BlkpgArg = "blkpg_ioctl_arg" {
        head: [i32; 3],
        data: u32,
    }
}

guest_struct! {
    /// `struct console_font_op`.
    ConsoleFontOp = "console_font_op" {
        head: [u32; 5],
        data: u32,
    }
}

guest_struct! {
    /// `struct rtentry`.
    Rtentry = "rtentry" {
        head: [u64; 10],
        metric: i16,
        pad1: u16,
        dev: u32,
        mtu: u64,
        window: u64,
        irtt: u16,
        pad2: [u16; 3],
    }
}

guest_struct! {
    /// `struct unimapdesc`.
    Unimapdesc = "unimapdesc" {
        count: u16,
        pad: u16,
        entries: u32,
    }
}

guest_struct! {
    /// `struct serial_struct`.
    SerialStruct = "serial_struct" {
        head: [u32; 11],
        iomem_base: u32,
        rest: [u32; 4],
    }
}

guest_struct! {
    /// `struct sock_fprog`.
    SockFprog = "sock_fprog" {
        len: u16,
        pad: u16,
        filter: u32,
    }
}

guest_struct! {
    /// `struct iocb`.
    Iocb = "iocb" {
        data: u64,
        key: u32,
        rw_flags: i32,
        opcode: u16,
        reqprio: i16,
        fildes: u32,
        buf: u64,
        nbytes: u64,
        offset: i64,
        reserved2: u64,
        flags: u32,
        resfd: u32,
    }
}

guest_struct! {
    /// `struct io_event`.
    IoEvent = "io_event" {
        data: u64,
        obj: u64,
        res: i64,
        res2: i64,
    }
}

guest_struct! {
    /// `struct xattr_args`.
    XattrArgs = "xattr_args" {
        value: u64,
        size: u32,
        flags: u32,
    }
}

guest_struct! {
    /// A signal set's address and size, as `pselect6` takes them in one argument.
    SigsetArgpack = "sigset_argpack" {
        mask: u64,
        mask_size: u64,
    }
}

guest_struct! {
    /// `struct keyctl_kdf_params`.
    KdfParams = "keyctl_kdf_params" {
        hashname: u32,
        otherinfo: u32,
        otherinfolen: u32,
        spare: [u32; 8],
    }
}

// SAFETY: two words without padding; the kernel's structure is the interface's.
unsafe impl Plain for Rlimit {}
