//! `perf_event_open`.
//!
//! By hand, since some kinds of events are named by addresses, and since samples may hold registers
//! and stack, which are the engine's.

use crate::calls::gate::kernel;
use crate::kernel::Errno;
use crate::kernel::word::HostPtr;
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::{Cx, SysResult};

/// Kinds of events; those above are probes and devices that take addresses or are not known.
const PERF_TYPE_RAW: u32 = 4;

/// Where in `struct perf_event_attr` the kinds of data are that a sample holds.
const SAMPLE_TYPE_AT: usize = 24;

/// `PERF_SAMPLE_REGS_USER`, `PERF_SAMPLE_STACK_USER`, `PERF_SAMPLE_REGS_INTR`.
const ENGINE_STATE: u64 = 1 << 12 | 1 << 13 | 1 << 18;

/// Size of the first published `struct perf_event_attr`; a size of 0 means it.
const ATTR_SIZE_VER0: u32 = 64;

/// The kernel takes at most a page.
const ATTR_SIZE_MAX: u32 = 4096;

/// `perf_event_open(attr, pid, cpu, group_fd, flags)`.
///
/// # Errors
/// - `EINVAL`: a breakpoint or a probe; samples of registers or of the stack.
/// - `E2BIG`: a structure larger than a page, or with fields that the kernel does not know.
/// - Other errors are the kernel's.
pub(super) fn perf_event_open(
    cx: &mut Cx<'_>,
    attr: GuestAddr,
    pid: i32,
    cpu: i32,
    group_fd: i32,
    flags: u64,
) -> SysResult {
    let memory = cx.data().memory;
    let [kind, mut size] = memory.load(GuestPtr::<[u32; 2]>::new(attr))?;
    if size == 0 {
        size = ATTR_SIZE_VER0;
    }
    if !(ATTR_SIZE_VER0..=ATTR_SIZE_MAX).contains(&size) {
        return Err(Errno::E2BIG.into());
    }
    // Differs from Linux: breakpoints, probes and devices are not served.
    if kind > PERF_TYPE_RAW {
        return Err(Errno::EINVAL.into());
    }
    let mut copy = memory.load_slice(GuestPtr::<u8>::new(attr), size as usize)?;
    let sampled = u64::from_ne_bytes(std::array::from_fn(|i| copy[SAMPLE_TYPE_AT + i]));
    // Differs from Linux: registers and stack are the engine's, not the program's.
    if sampled & ENGINE_STATE != 0 {
        return Err(Errno::EINVAL.into());
    }
    copy[..4].copy_from_slice(&kind.to_ne_bytes());
    copy[4..8].copy_from_slice(&size.to_ne_bytes());
    let words = [
        HostPtr::output(copy.as_mut_slice()).into(),
        pid.into(),
        cpu.into(),
        group_fd.into(),
        flags.into(),
    ];
    let result = kernel(cx, libc::SYS_perf_event_open, &words);
    // The kernel has stored the size that it takes, if it refused another one.
    memory.write_bytes(attr.checked_add(4).ok_or(Errno::EFAULT)?, &copy[4..8])?;
    result
}
