//! The engine's own imports: the calls that replace instructions on the size of the memory and on
//! waiting, and safepoints.

mod wait;

use std::time::Duration;

use wali_contract::{MemoryCall, SAFEPOINT};
use wasmtime::Trap;

use self::wait::Woken;
use super::define::{Define, Definition};
use crate::control::handlers;
use crate::kernel::{Errno, wake};
use crate::memory::{GuestAddr, GuestPtr, Plain};
use crate::program::Cx;

/// Name and definition.
const CALLS: [Definition; 6] = [
    (MemoryCall::Size.name(), |imports| imports.add(size)),
    (MemoryCall::Grow.name(), |imports| imports.add(grow)),
    (MemoryCall::Notify.name(), |imports| imports.add(notify)),
    (MemoryCall::Wait32.name(), |imports| imports.add(wait32)),
    (MemoryCall::Wait64.name(), |imports| imports.add(wait64)),
    (SAFEPOINT, |imports| imports.add(handlers::safepoint)),
];

/// How long a wait for a 64-bit value sleeps before it looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// What serves an import of the engine's own.
pub(crate) fn find(name: &str) -> Option<Define> {
    CALLS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, define)| *define)
}

fn size(cx: Cx<'_>) -> i32 {
    cx.data().process.mappings().size().cast_signed()
}

fn grow(cx: Cx<'_>, delta: i32) -> i32 {
    let grown = cx.data().process.mappings().grow(delta.cast_unsigned());
    grown.map_or(-1, u32::cast_signed)
}

fn notify(cx: Cx<'_>, addr: i32, count: i32, offset: i32) -> wasmtime::Result<i32> {
    let host = waited_on::<u32>(&cx, addr, offset)?;
    Ok(wake::wake(host, count.cast_unsigned()))
}

fn wait32(
    mut cx: Cx<'_>,
    addr: i32,
    expected: i32,
    timeout_ns: i64,
    offset: i32,
) -> wasmtime::Result<i32> {
    let host = waited_on::<u32>(&cx, addr, offset)?;
    let timeout = u64::try_from(timeout_ns).ok().map(Duration::from_nanos);
    let woken = wait::wait(&mut cx, host, expected.cast_unsigned(), timeout)?;
    Ok(result_of(woken))
}

/// Waits for a change of 64 bits, of which the kernel watches 32. A notification wakes it. It also looks again now
/// and then, because it could miss one that follows a change of the upper half.
fn wait64(
    mut cx: Cx<'_>,
    addr: i32,
    expected: i64,
    timeout_ns: i64,
    offset: i32,
) -> wasmtime::Result<i32> {
    let host = waited_on::<u64>(&cx, addr, offset)?;
    let ptr = GuestPtr::<i64>::new(at(addr, offset)?);
    let mut left = u64::try_from(timeout_ns).ok().map(Duration::from_nanos);
    if cx.data().memory.load(ptr).map_err(out_of_bounds)? != expected {
        return Ok(result_of(Woken::Changed));
    }
    loop {
        let nap = left.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN);
        let woken = wait::wait(&mut cx, host, expected as u32, Some(nap))?;
        let now = cx.data().memory.load(ptr).map_err(out_of_bounds)?;
        if woken == Woken::Notified || now != expected {
            return Ok(result_of(Woken::Notified));
        }
        if let Some(left) = &mut left {
            *left -= nap;
            if left.is_zero() {
                return Ok(result_of(Woken::TimedOut));
            }
        }
    }
}

fn result_of(woken: Woken) -> i32 {
    match woken {
        Woken::Notified => 0,
        Woken::Changed => 1,
        Woken::TimedOut => 2,
    }
}

/// The guest address of an access.
fn at(addr: i32, offset: i32) -> wasmtime::Result<GuestAddr> {
    GuestAddr(addr.cast_unsigned())
        .checked_add(offset.cast_unsigned())
        .ok_or_else(|| out_of_bounds(Errno::EFAULT))
}

/// The host address of the word to wait on, which is aligned and can be read.
fn waited_on<T: Plain>(cx: &Cx<'_>, addr: i32, offset: i32) -> wasmtime::Result<usize> {
    let addr = at(addr, offset)?;
    if !(addr.0 as usize).is_multiple_of(size_of::<T>()) {
        return Err(Trap::HeapMisaligned.into());
    }
    let memory = cx.data().memory;
    memory
        .load(GuestPtr::<T>::new(addr))
        .map_err(out_of_bounds)?;
    Ok(memory.host_ptr(addr))
}

fn out_of_bounds(_fault: Errno) -> wasmtime::Error {
    Trap::MemoryOutOfBounds.into()
}
