//! Socket options: `setsockopt`, `getsockopt`.
//!
//! By hand: the value of an option may hold addresses. The options are listed in the spec
//! (`sockopts.toml`) with what their values are; what is not listed is refused. A filter program is
//! translated; tables of packet filters, shared rings, mapped receiving and the like name memory in ways
//! that outlive the call or that the kernel follows itself, and are refused.

use wali_abi::SocketValue;

use super::ioctl::load_filter;
use crate::calls::gate::kernel;
use crate::kernel::structs::SockFprog;
use crate::kernel::word::HostPtr;
use crate::kernel::{Errno, descriptor};
use crate::memory::layout::SockFprog as GuestFprog;
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::{Cx, Stop, SysResult};

/// `setsockopt(sockfd, level, optname, optval, optlen)`.
///
/// # Errors
/// - `ENOPROTOOPT`: an option that is not in the spec's list, or whose value holds addresses.
/// - Other errors are the kernel's.
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
    let option = wali_abi::socket_option(level, optname);
    let filter = match option.map(|option| option.value) {
        // Differs from Linux: options that are not in the spec's list or that hold addresses are refused.
        None | Some(SocketValue::FlatToGet | SocketValue::Refused) => return Err(unknown(sockfd)),
        Some(SocketValue::SockFprog) if optlen as usize == size_of::<GuestFprog>() => {
            Some(load_filter(memory, GuestPtr::new(optval)))
        }
        Some(SocketValue::SockFprog | SocketValue::Flat) => None,
    };
    // A filter of the wrong size has to stay of the wrong size, although the kernel's is longer.
    let is_host_filter = optlen as usize == size_of::<SockFprog<'_>>();
    let is_filter = option.is_some_and(|option| option.value == SocketValue::SockFprog);
    let (value, len) = match &filter {
        Some(program) => {
            // Without a program the kernel finds the error in its own order.
            let program = program.as_ref().map_or(HostPtr::NULL, HostPtr::input);
            (program, size_of::<SockFprog<'_>>() as u32)
        }
        None if is_filter && is_host_filter => (guest, 0),
        None => (guest, optlen),
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
/// - `ENOPROTOOPT`: an option that is not in the spec's list, or whose value holds addresses.
/// - Other errors are the kernel's.
pub(super) fn getsockopt(
    cx: &mut Cx<'_>,
    sockfd: i32,
    level: i32,
    optname: i32,
    optval: GuestAddr,
    optlen: GuestAddr,
) -> SysResult {
    let option = wali_abi::socket_option(level, optname);
    // Differs from Linux: options that are not in the spec's list or that hold addresses are refused.
    if option.is_none_or(|option| option.value == SocketValue::Refused) {
        return Err(unknown(sockfd));
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

/// Why an option that is not served cannot be set or read.
fn unknown(sockfd: i32) -> Stop {
    match descriptor::check(sockfd) {
        Err(errno) => errno.into(),
        Ok(()) if descriptor::socket_family(sockfd).is_none() => Errno::ENOTSOCK.into(),
        Ok(()) => Errno::ENOPROTOOPT.into(),
    }
}
