//! What native programs learn without a system call: `clock_gettime`, `gettimeofday`, `time`, `getcpu`.
//!
//! By hand: native programs call code that the kernel maps into the process, which is ten times as fast as
//! a system call. A trace shows them like calls.

use crate::calls::gate::{kernel, number_of};
use crate::kernel::clock;
use crate::kernel::word::HostPtr;
use crate::memory::GuestPtr;
use crate::program::{Cx, SysResult};

/// `clock_gettime(clock, time)`.
///
/// # Errors
/// - `EFAULT`: `time` is null or cannot be written.
/// - Other errors are the kernel's.
pub(super) fn clock_gettime(cx: &mut Cx<'_>, clock: i32, time: GuestPtr<[i64; 2]>) -> SysResult {
    let now = clock::time(clock)?;
    cx.data().memory.store(time, now)?;
    Ok(0)
}

/// `gettimeofday(time, zone)`: seconds and microseconds. With a `zone` it is a call to the kernel.
///
/// # Errors
/// - `EFAULT`: one of them is neither null nor can be written.
pub(super) fn gettimeofday(
    cx: &mut Cx<'_>,
    time: GuestPtr<[i64; 2]>,
    zone: GuestPtr<[i32; 2]>,
) -> SysResult {
    const NUMBER: libc::c_long = number_of("gettimeofday");
    let memory = cx.data().memory;
    if !zone.is_null() {
        let words = [
            HostPtr::guest(memory, time.addr()).into(),
            HostPtr::guest(memory, zone.addr()).into(),
        ];
        return kernel(cx, NUMBER, &words);
    }
    if !time.is_null() {
        let [seconds, nanoseconds] = clock::time(libc::CLOCK_REALTIME)?;
        memory.store(time, [seconds, nanoseconds / 1000])?;
    }
    Ok(0)
}

/// `time(place)`: the seconds since 1970, by the clock that ticks.
///
/// # Errors
/// - `EFAULT`: `place` is neither null nor can be written.
pub(super) fn time(cx: &mut Cx<'_>, place: GuestPtr<i64>) -> SysResult {
    let [seconds, _] = clock::time(libc::CLOCK_REALTIME_COARSE)?;
    if !place.is_null() {
        cx.data().memory.store(place, seconds)?;
    }
    Ok(seconds)
}

/// `getcpu(processor, node, _)`. With a `node` it is a call to the kernel.
///
/// # Errors
/// - `EFAULT`: one of them is neither null nor can be written.
pub(super) fn getcpu(
    cx: &mut Cx<'_>,
    processor: GuestPtr<u32>,
    node: GuestPtr<u32>,
    _cache: u32,
) -> SysResult {
    const NUMBER: libc::c_long = number_of("getcpu");
    let memory = cx.data().memory;
    if !node.is_null() {
        let words = [
            HostPtr::guest(memory, processor.addr()).into(),
            HostPtr::guest(memory, node.addr()).into(),
        ];
        return kernel(cx, NUMBER, &words);
    }
    if !processor.is_null() {
        memory.store(processor, clock::processor()?)?;
    }
    Ok(0)
}
