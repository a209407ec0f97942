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
    LOCK.store(0, Ordering::Relaxed);
    let before = N_CLOSED.swap(u32::from(closed), Ordering::Relaxed);
    if before != 0
        && !closed
        && let Some(page) = page()
    {
        protect(page, libc::PROT_READ | libc::PROT_WRITE);
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
