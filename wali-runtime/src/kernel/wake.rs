//! Waking threads that wait on a word of memory.

/// Wakes up to `count` threads that wait on `word` and returns how many there were.
pub(crate) fn wake(word: usize, count: u32) -> i32 {
    let count = count.min(i32::MAX.cast_unsigned());
    // SAFETY: the kernel checks the word's address.
    let woken = unsafe { libc::syscall(libc::SYS_futex, word, libc::FUTEX_WAKE, count) };
    i32::try_from(woken.max(0)).unwrap_or(0)
}
