//! The calling thread's list of robust locks in the kernel's form.
//!
//! The guest's list has links of 4 bytes, which the kernel cannot follow when a signal kills the
//! thread. So each entry has a second link, of the kernel's size, in a range of host addresses
//! beside the linear memory: at the same distance from every lock, as the kernel demands.

use std::cell::Cell;
use std::ptr;

use super::{GuestAddr, Shadow};
use crate::kernel::Errno;

/// `struct robust_list_head`.
#[repr(C)]
struct Head {
    first: Cell<u64>,
    lock_offset: Cell<i64>,
    pending: Cell<u64>,
}

thread_local! {
    // Constant and without a destructor: it is there for as long as the thread is.
    static HEAD: Head = const {
        Head {
            first: Cell::new(0),
            lock_offset: Cell::new(0),
            pending: Cell::new(0),
        }
    };
}

/// The lowest bit of an entry's address is set for a lock with priority inheritance.
const INHERITS: u32 = 1;

/// Gives the kernel a list of these entries. Each is an address in the linear memory at `base` with the kernel's
/// mark in its lowest bit, and its lock lies `lock_offset` bytes further on.
///
/// # Errors
/// - `ENOMEM`: no room for the second links.
pub(crate) fn show(
    base: usize,
    lock_offset: i32,
    entries: &[u32],
    pending: Option<u32>,
) -> Result<(), Errno> {
    let shadow = Shadow::get_or_reserve()?;
    let link = |entry: u32| shadow.link(GuestAddr(entry & !INHERITS)) | u64::from(entry & INHERITS);
    HEAD.with(|head| {
        let end = ptr::from_ref(head).addr() as u64;
        let mut next = end;
        // From the end on: whatever the kernel finds at any time is a list.
        for &entry in entries.iter().rev() {
            shadow.set_link(GuestAddr(entry & !INHERITS), next);
            next = link(entry);
        }
        let distance = (base as i64).wrapping_sub(shadow.link(GuestAddr(0)).cast_signed());
        head.lock_offset.set(distance + i64::from(lock_offset));
        head.pending.set(pending.map_or(0, link));
        head.first.set(next);
        // SAFETY: the head lies in the thread's own memory. The host's libc has no robust locks.
        let failed = unsafe { libc::syscall(libc::SYS_set_robust_list, end, size_of::<Head>()) };
        if failed == 0 {
            Ok(())
        } else {
            Err(Errno::last())
        }
    })
}

/// Takes the list away from the kernel: the thread ends, or has no list any more.
pub(crate) fn clear() {
    HEAD.with(|head| {
        head.pending.set(0);
        head.first.set(ptr::from_ref(head).addr() as u64);
    });
}
