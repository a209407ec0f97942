//! Waiting on a word of guest memory, for the Wasm instructions that do.

use std::ptr;
use std::time::Duration;

use crate::Errno;

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    /// By a notification.
    Notified,
    /// The word did not have the expected value.
    Changed,
    /// The time is over.
    TimedOut,
}

/// Waits until `word` is notified, if it holds `expected`; `None` waits for ever.
///
/// `word` is an address in guest memory; the kernel finds out whether it can be read.
pub(crate) fn wait(word: usize, expected: u32, timeout: Option<Duration>) -> Woken {
    let timeout = timeout.map(|timeout| libc::timespec {
        tv_sec: timeout.as_secs().try_into().unwrap_or(libc::time_t::MAX),
        tv_nsec: timeout.subsec_nanos().into(),
    });
    let timeout = timeout.as_ref().map_or(ptr::null(), ptr::from_ref);
    // SAFETY: the kernel checks the word's address; the timeout outlives the call.
    let result =
        unsafe { libc::syscall(libc::SYS_futex, word, libc::FUTEX_WAIT, expected, timeout) };
    if result == 0 {
        return Woken::Notified;
    }
    match Errno::last() {
        Errno::ETIMEDOUT => Woken::TimedOut,
        // Interrupted: to the waiter it is as if it had been notified, which it has to expect.
        Errno::EINTR => Woken::Notified,
        _ => Woken::Changed,
    }
}

/// Wakes up to `count` threads that wait on `word` and answers how many there were.
pub(crate) fn wake(word: usize, count: u32) -> i32 {
    let count = count.min(i32::MAX.cast_unsigned());
    // SAFETY: the kernel checks the word's address.
    let woken = unsafe { libc::syscall(libc::SYS_futex, word, libc::FUTEX_WAKE, count) };
    i32::try_from(woken.max(0)).unwrap_or(0)
}
