//! How much of a call's time the kernel takes, for the trace's summary.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Whether the time is counted.
static COUNTS: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// What the kernel has taken since [`begin`].
    static TAKEN: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Counts from now on, in all threads.
pub(crate) fn count() {
    COUNTS.store(true, Ordering::Relaxed);
}

/// Counts anew in the calling thread.
pub(crate) fn begin() {
    TAKEN.set(Duration::ZERO);
}

/// The kernel's time in the calling thread since [`begin`].
pub(crate) fn taken() -> Duration {
    TAKEN.get()
}

/// Makes a call of the kernel, and counts what it takes if somebody counts.
#[inline]
pub(crate) fn counted<T>(call: impl FnOnce() -> T) -> T {
    if COUNTS.load(Ordering::Relaxed) {
        timed(call)
    } else {
        call()
    }
}

fn timed<T>(call: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = call();
    TAKEN.set(TAKEN.get() + start.elapsed());
    result
}
