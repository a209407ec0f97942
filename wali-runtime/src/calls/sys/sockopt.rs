//! Socket options: `setsockopt`, `getsockopt`.
//!
//! By hand for the few options whose value holds addresses. A filter program is translated; tables
//! of packet filters, shared rings and mapped receiving name memory in ways that outlive the call,
//! and are refused.

use super::ioctl::load_filter;
use crate::calls::gate::kernel;
use crate::kernel::Errno;
use crate::kernel::structs::SockFprog;
use crate::kernel::word::HostPtr;
use crate::memory::layout::SockFprog as GuestFprog;
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::{Cx, SysResult};

/// Options and levels from Linux's headers that the host crate does not name.
mod option {
    pub(super) const SOL_SCTP: i32 = 132;
    pub(super) const SOL_RDS: i32 = 276;
    pub(super) const SOL_XDP: i32 = 283;
    pub(super) const SO_ATTACH_REUSEPORT_CBPF: i32 = 51;
    pub(super) const TCP_ZEROCOPY_RECEIVE: i32 = 35;
    pub(super) const PACKET_FANOUT_DATA: i32 = 22;
    pub(super) const IPT_SO_SET_REPLACE: i32 = 64;
    pub(super) const ARPT_SO_SET_REPLACE: i32 = 96;
    pub(super) const EBT_SO_SET_ENTRIES: i32 = 128;
    pub(super) const EBT_SO_GET_INIT_ENTRIES: i32 = 131;
    pub(super) const SCTP_SOCKOPT_CONNECTX3: i32 = 111;
    pub(super) const XDP_UMEM_REG: i32 = 4;
}

/// What the value of an option is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// Bytes without addresses.
    Flat,
    /// A `struct sock_fprog`.
    Filter,
    /// Refused: it holds addresses of another kind.
    Addresses,
}

/// `setsockopt(sockfd, level, optname, optval, optlen)`.
///
/// # Errors
/// - `ENOPROTOOPT`: an option whose value holds addresses.
/// - The kernel's.
pub(super) fn setsockopt(
    cx: &mut Cx<'_>,
    sockfd: i32,
    level: i32,
    optname: i32,
    optval: GuestAddr,
    optlen: u32,
) -> SysResult {
    let memory = cx.data().memory;
    let guest = HostPtr::guest(memory, optval);
    let filter = match set_value(level, optname) {
        // Differs from Linux: packet filter tables, AF_XDP rings and RDS memory are refused.
        Value::Addresses => return Err(Errno::ENOPROTOOPT.into()),
        Value::Filter if optlen as usize == size_of::<GuestFprog>() => {
            Some(load_filter(memory, GuestPtr::new(optval)))
        }
        Value::Filter | Value::Flat => None,
    };
    let (value, len) = match &filter {
        Some(program) => {
            // Without a program the kernel finds the error in its own order.
            let program = program.as_ref().map_or(HostPtr::NULL, HostPtr::input);
            (program, size_of::<SockFprog<'_>>() as u32)
        }
        None => (guest, refused_len(level, optname, optlen)),
    };
    let words = [
        sockfd.into(),
        level.into(),
        optname.into(),
        value.into(),
        len.into(),
    ];
    kernel(cx, libc::SYS_setsockopt, &words)
}

/// `getsockopt(sockfd, level, optname, optval, optlen)`.
///
/// # Errors
/// - `ENOPROTOOPT`: an option whose value holds addresses.
/// - The kernel's.
pub(super) fn getsockopt(
    cx: &mut Cx<'_>,
    sockfd: i32,
    level: i32,
    optname: i32,
    optval: GuestAddr,
    optlen: GuestAddr,
) -> SysResult {
    // Differs from Linux: TCP's mapped receiving and SCTP's oldest connectx are refused.
    if get_value(level, optname) == Value::Addresses {
        return Err(Errno::ENOPROTOOPT.into());
    }
    let memory = cx.data().memory;
    let words = [
        sockfd.into(),
        level.into(),
        optname.into(),
        HostPtr::guest(memory, optval).into(),
        HostPtr::guest(memory, optlen).into(),
    ];
    kernel(cx, libc::SYS_getsockopt, &words)
}

/// The length to show the kernel for a value that was not translated: a filter of the wrong size
/// has to stay of the wrong size, although the kernel's `struct sock_fprog` is longer.
fn refused_len(level: i32, optname: i32, optlen: u32) -> u32 {
    match set_value(level, optname) {
        Value::Filter if optlen as usize == size_of::<SockFprog<'_>>() => 0,
        _ => optlen,
    }
}

fn set_value(level: i32, optname: i32) -> Value {
    match (level, optname) {
        (libc::SOL_SOCKET, libc::SO_ATTACH_FILTER | option::SO_ATTACH_REUSEPORT_CBPF)
        | (libc::SOL_PACKET, option::PACKET_FANOUT_DATA) => Value::Filter,
        (libc::SOL_IP | libc::SOL_IPV6, option::IPT_SO_SET_REPLACE)
        | (libc::SOL_IP, option::ARPT_SO_SET_REPLACE)
        | (libc::SOL_IP, option::EBT_SO_SET_ENTRIES..=option::EBT_SO_GET_INIT_ENTRIES)
        | (option::SOL_XDP, option::XDP_UMEM_REG)
        | (option::SOL_RDS, _) => Value::Addresses,
        _ => Value::Flat,
    }
}

fn get_value(level: i32, optname: i32) -> Value {
    match (level, optname) {
        (libc::SOL_IP, option::EBT_SO_SET_ENTRIES..=option::EBT_SO_GET_INIT_ENTRIES)
        | (libc::SOL_TCP, option::TCP_ZEROCOPY_RECEIVE)
        | (option::SOL_SCTP, option::SCTP_SOCKOPT_CONNECTX3) => Value::Addresses,
        _ => Value::Flat,
    }
}
