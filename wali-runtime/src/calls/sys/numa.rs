//! Memory on machines with several nodes: `mbind`, `set_mempolicy_home_node`, `move_pages`. The
//! others are the kernel's as they are.
//!
//! By hand: ranges have 64-bit lengths, and pages are named by an array of addresses.

use crate::calls::gate::{kernel, number_of};
use crate::kernel::Errno;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::{GuestAddr, GuestPtr, PAGE_SIZE};
use crate::program::{Cx, SysResult};

const SYS_SET_MEMPOLICY_HOME_NODE: libc::c_long = number_of("set_mempolicy_home_node");

/// The most pages that the kernel is handed at once.
const BATCH: u64 = 1024;

/// `mbind(addr, len, mode, nodemask, maxnode, flags)`: which nodes a range's memory comes from.
///
/// # Errors
/// - `EFAULT`: something in the range is not mapped.
/// - Other errors are the kernel's.
pub(super) fn mbind(
    cx: &mut Cx<'_>,
    addr: GuestAddr,
    len: u64,
    mode: i32,
    nodemask: GuestAddr,
    maxnode: u64,
    flags: u32,
) -> SysResult {
    let memory = cx.data().memory;
    let (addr, len) = mapped(cx, addr, len);
    let words = [
        addr.into(),
        len.into(),
        mode.into(),
        HostPtr::guest(memory, nodemask).into(),
        maxnode.into(),
        flags.into(),
    ];
    kernel(cx, libc::SYS_mbind, &words)
}

/// `set_mempolicy_home_node(start, len, home_node, flags)`: the node a range prefers.
///
/// # Errors
/// As [`mbind`].
pub(super) fn set_mempolicy_home_node(
    cx: &mut Cx<'_>,
    start: GuestAddr,
    len: u64,
    home_node: u64,
    flags: u64,
) -> SysResult {
    let (start, len) = mapped(cx, start, len);
    let words = [start.into(), len.into(), home_node.into(), flags.into()];
    kernel(cx, SYS_SET_MEMPOLICY_HOME_NODE, &words)
}

/// `move_pages(pid, count, pages, nodes, status, flags)`: moves pages between nodes, or tells
/// where they are.
///
/// Differs from Linux: the pages of another process are those of a program that this engine runs.
///
/// # Errors
/// - `EFAULT`: an array is not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn move_pages(
    cx: &mut Cx<'_>,
    pid: i32,
    count: u64,
    pages: GuestPtr<u32>,
    nodes: GuestPtr<i32>,
    status: GuestPtr<i32>,
    flags: i32,
) -> SysResult {
    let memory = cx.data().memory;
    let (mut done, mut not_moved) = (0, 0);
    loop {
        let first = u32::try_from(done).map_err(|_| Errno::EFAULT)?;
        let n_pages = (count - done).min(BATCH);
        let at = pages.element(first).ok_or(Errno::EFAULT)?;
        let addresses: Option<Vec<HostPtr<'_>>> = memory
            .load_slice(at, n_pages as usize)
            .map(|pages| {
                let host = |page| HostPtr::guest(memory, GuestAddr(page));
                pages.into_iter().map(host).collect()
            })
            .ok();
        // With none the kernel finds the error, after those of the other arguments.
        let list = match &addresses {
            Some(addresses) => HostPtr::input(addresses.as_slice()),
            None => HostPtr::NULL,
        };
        let element = |array: GuestPtr<i32>| -> Result<Word<'_>, Errno> {
            let Some(array) = array.non_null() else {
                return Ok(Word::ZERO);
            };
            let at = array.element(first).ok_or(Errno::EFAULT)?;
            Ok(HostPtr::guest(memory, at.addr()).into())
        };
        let words = [
            pid.into(),
            n_pages.into(),
            list.into(),
            element(nodes)?,
            element(status)?,
            flags.into(),
        ];
        not_moved += kernel(cx, libc::SYS_move_pages, &words)?;
        done += n_pages;
        if done == count {
            return Ok(not_moved);
        }
    }
}

/// The range to show the kernel. What is free in the linear memory is mapped on the host, so a range that is
/// not all the guest's becomes one that the kernel refuses in its own order.
fn mapped(cx: &Cx<'_>, addr: GuestAddr, len: u64) -> (HostPtr<'static>, u64) {
    let guest = HostPtr::guest(cx.data().memory, addr);
    if !addr.0.is_multiple_of(PAGE_SIZE) || len == 0 {
        return (guest, len.min(u64::from(PAGE_SIZE)));
    }
    let is_mapped = u32::try_from(len).is_ok_and(|len| {
        let pieces = cx.data().process.mappings().mapped_pieces(addr, len);
        pieces.is_ok_and(|pieces| pieces.is_whole())
    });
    if is_mapped {
        (guest, len)
    } else {
        (HostPtr::NULL, u64::from(PAGE_SIZE))
    }
}
