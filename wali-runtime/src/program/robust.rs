//! The list of locks that a thread holds, walked when it ends.
//!
//! The kernel's own walk expects 8-byte pointers, so the engine walks in its place when a thread
//! ends by itself. For the case that a signal kills it, the kernel has a list of its own
//! (`memory/robust_links.rs`), which follows the guest's at each `set_robust_list`.

use crate::kernel::{Errno, wake};
use crate::memory::{GuestAddr, GuestMemory, GuestPtr, robust_links};

/// The most entries that are looked at: a list may be a circle.
const MOST_ENTRIES: usize = 2048;

const FUTEX_WAITERS: u32 = 0x8000_0000;
const FUTEX_OWNER_DIED: u32 = 0x4000_0000;
const FUTEX_TID_MASK: u32 = 0x3fff_ffff;

/// The address of a thread's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RobustList {
    /// `struct robust_list_head`: first entry, 8-byte offset of the lock, entry being changed.
    pub(crate) head: GuestAddr,
}

/// An entry, whose lowest bit is set for a lock with priority inheritance.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry(u32);

impl Entry {
    fn address(self) -> u32 {
        self.0 & !1
    }

    fn inherits_priority(self) -> bool {
        self.0 & 1 != 0
    }
}

impl RobustList {
    /// Marks the locks that thread `tid` held as left by a dead owner and wakes a waiter of each.
    pub(crate) fn release(self, memory: GuestMemory, tid: i32) {
        // A list that cannot be read ends there, as for the kernel.
        let _ = self.walk(memory, tid.cast_unsigned());
    }

    /// Shows the kernel the calling thread's list as it is now.
    ///
    /// # Errors
    /// - `ENOMEM`: no room for what the kernel has to see.
    pub(crate) fn show(self, memory: GuestMemory) -> Result<(), Errno> {
        let word = |at: u32| memory.load::<u32>(GuestPtr::new(GuestAddr(at)));
        let head = self.head.0;
        let mut entries = Vec::new();
        // A list that cannot be read ends there, as for the kernel.
        let mut entry = word(head).map_or(Entry(head), Entry);
        while entry.address() != head && entries.len() < MOST_ENTRIES {
            entries.push(entry.0);
            entry = word(entry.address()).map_or(Entry(head), Entry);
        }
        let offset = word(head.wrapping_add(8)).unwrap_or(0);
        let pending = word(head.wrapping_add(16)).unwrap_or(0);
        let pending = (pending != 0).then_some(pending);
        robust_links::show(memory.base(), offset.cast_signed(), &entries, pending)
    }

    fn walk(self, memory: GuestMemory, tid: u32) -> Result<(), Errno> {
        let word = |at: u32| -> Result<u32, Errno> { memory.load(GuestPtr::new(GuestAddr(at))) };
        let head = self.head.0;
        let mut entry = Entry(word(head)?);
        let offset = word(head.wrapping_add(8))?;
        let pending = Entry(word(head.wrapping_add(16))?);
        let lock = |entry: Entry| GuestAddr(entry.address().wrapping_add(offset));
        for _ in 0..MOST_ENTRIES {
            if entry.address() == head {
                break;
            }
            // Read before the owner that is woken can reuse the entry.
            let next = word(entry.address());
            if entry != pending {
                mark(memory, lock(entry), tid, entry.inherits_priority(), false)?;
            }
            entry = Entry(next?);
        }
        if pending.address() != 0 {
            mark(
                memory,
                lock(pending),
                tid,
                pending.inherits_priority(),
                true,
            )?;
        }
        Ok(())
    }
}

/// Leaves the lock at `at` to the next thread, if `tid` holds it.
fn mark(
    memory: GuestMemory,
    at: GuestAddr,
    tid: u32,
    inherits_priority: bool,
    pending: bool,
) -> Result<(), Errno> {
    if !at.0.is_multiple_of(4) {
        return Err(Errno::EINVAL);
    }
    let mut value: u32 = memory.load(GuestPtr::new(at))?;
    loop {
        if value & FUTEX_TID_MASK != tid {
            // It may have been released without its waiter being woken.
            if pending && !inherits_priority && value == 0 {
                wake::wake(memory.host_ptr(at), 1);
            }
            return Ok(());
        }
        let left = value & FUTEX_WAITERS | FUTEX_OWNER_DIED;
        let found = memory.exchange(GuestPtr::new(at), value, left)?;
        if found == value {
            break;
        }
        value = found;
    }
    if !inherits_priority && value & FUTEX_WAITERS != 0 {
        wake::wake(memory.host_ptr(at), 1);
    }
    Ok(())
}
