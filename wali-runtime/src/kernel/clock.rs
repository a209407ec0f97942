//! The clocks, read as native programs read them: the kernel maps code for that into every process,
//! and the host's libc calls it.

use super::Errno;

/// The clock's time: seconds and nanoseconds.
///
/// # Errors
/// The kernel's.
pub(crate) fn time(clock: i32) -> Result<[i64; 2], Errno> {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is a valid place for the result.
    if unsafe { libc::clock_gettime(clock, &mut time) } != 0 {
        return Err(Errno::last());
    }
    Ok([time.tv_sec, time.tv_nsec])
}

/// The processor that the calling thread runs on.
///
/// # Errors
/// The kernel's.
pub(crate) fn processor() -> Result<u32, Errno> {
    // SAFETY: no arguments.
    u32::try_from(unsafe { libc::sched_getcpu() }).map_err(|_| Errno::last())
}
