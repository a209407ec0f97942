//! The page that the guest's loops read. It is inaccessible while a signal waits for a thread that may be in a
//! loop: the read then faults, and the fault handler makes the thread run the guest's handler
//! (`faults/deliver.rs`).

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use crate::memory::PAGE_SIZE;

/// The page's host address; 0 while the module has no such loops.
static PAGE: AtomicUsize = AtomicUsize::new(0);

/// How many threads need the page closed. Changed under `LOCK` only.
static N_CLOSED: AtomicU32 = AtomicU32::new(0);

/// 1 while a thread changes the page. Whoever holds it has every signal blocked.
static LOCK: AtomicU32 = AtomicU32::new(0);

/// Sets where the page is.
pub(super) fn set_page(address: usize) {
    PAGE.store(address, Ordering::Release);
}

/// The page's host address, if there is one.
pub(super) fn page() -> Option<usize> {
    Some(PAGE.load(Ordering::Acquire)).filter(|&page| page != 0)
}

/// Closes the page for a thread. Returns whether there is such a page.
pub(super) fn close() -> bool {
    let Some(page) = page() else { return false };
    locked(|| {
        if N_CLOSED.fetch_add(1, Ordering::Relaxed) == 0 {
            protect(page, libc::PROT_NONE);
        }
    });
    true
}

/// Undoes [`close`], once.
pub(super) fn open() {
    let Some(page) = page() else { return };
    locked(|| {
        if N_CLOSED.fetch_sub(1, Ordering::Relaxed) == 1 {
            protect(page, libc::PROT_READ | libc::PROT_WRITE);
        }
    });
}

/// Adapts the page to a new process, whose only thread needs it closed or not.
pub(super) fn forget_other_threads(closed: bool) {
    // A thread that this process does not have may have been between the count and the page.
    let was_changing = LOCK.swap(0, Ordering::Relaxed) != 0;
    let was_closed = N_CLOSED.swap(u32::from(closed), Ordering::Relaxed) != 0;
    if (was_changing || was_closed != closed)
        && let Some(page) = page()
    {
        let prot = match closed {
            true => libc::PROT_NONE,
            false => libc::PROT_READ | libc::PROT_WRITE,
        };
        protect(page, prot);
    }
}

fn locked(change: impl FnOnce()) {
    while LOCK.swap(1, Ordering::Acquire) != 0 {
        std::thread::yield_now();
    }
    change();
    LOCK.store(0, Ordering::Release);
}

fn protect(page: usize, prot: i32) {
    // SAFETY: the page is the engine's own, in the guest's reservation.
    unsafe { libc::mprotect(page as *mut libc::c_void, PAGE_SIZE as usize, prot) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::mman;

    /// Whether the page can be read, as the kernel finds when it is to write from there.
    fn is_open(page: usize) -> bool {
        let (_read, write) = std::io::pipe().expect("a pipe");
        let fd = std::os::fd::AsRawFd::as_raw_fd(&write);
        // SAFETY: the kernel checks the address.
        unsafe { libc::write(fd, page as *const libc::c_void, 1) == 1 }
    }

    #[test]
    fn a_new_process_has_the_page_as_its_thread_needs_it() {
        let page = mman::anonymous(PAGE_SIZE as usize, libc::PROT_NONE).expect("a page");
        set_page(page);
        // As another thread leaves it in the midst of a change: what is counted, and what the page is.
        for (count, is_closed) in [(0, true), (1, false), (1, true), (0, false)] {
            for closed in [false, true] {
                LOCK.store(1, Ordering::Relaxed);
                N_CLOSED.store(count, Ordering::Relaxed);
                protect(
                    page,
                    if is_closed {
                        libc::PROT_NONE
                    } else {
                        libc::PROT_READ
                    },
                );
                forget_other_threads(closed);
                assert_eq!(is_open(page), !closed, "{count} {is_closed}");
                assert_eq!(N_CLOSED.load(Ordering::Relaxed), u32::from(closed));
            }
        }
        N_CLOSED.store(0, Ordering::Relaxed);
        set_page(0);
    }
}
