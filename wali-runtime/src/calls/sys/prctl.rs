//! `prctl`.
//!
//! By hand: an argument is a number or an address as the option says, and some options change the
//! state of the machine that the engine itself runs on.

use crate::calls::gate::kernel;
use crate::kernel::Errno;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::{GuestAddr, GuestMemory};
use crate::program::{Cx, SysResult};

/// Options from Linux's headers (linux/prctl.h).
mod option {
    pub(super) const PR_GET_PDEATHSIG: i32 = 2;
    pub(super) const PR_GET_UNALIGN: i32 = 5;
    pub(super) const PR_GET_FPEMU: i32 = 9;
    pub(super) const PR_GET_FPEXC: i32 = 11;
    pub(super) const PR_SET_NAME: i32 = 15;
    pub(super) const PR_GET_NAME: i32 = 16;
    pub(super) const PR_GET_ENDIAN: i32 = 19;
    pub(super) const PR_SET_SECCOMP: i32 = 22;
    pub(super) const PR_GET_TSC: i32 = 25;
    pub(super) const PR_SET_TSC: i32 = 26;
    pub(super) const PR_SET_MM: i32 = 35;
    pub(super) const PR_GET_CHILD_SUBREAPER: i32 = 37;
    pub(super) const PR_GET_TID_ADDRESS: i32 = 40;
    pub(super) const PR_SET_SYSCALL_USER_DISPATCH: i32 = 59;
    pub(super) const PR_SCHED_CORE: i32 = 62;
    pub(super) const PR_SET_MDWE: i32 = 65;
    /// Controls of pointer authentication, vectors and shadow stacks: processor state.
    pub(super) const PROCESSOR: [std::ops::RangeInclusive<i32>; 6] =
        [43..=46, 50..=51, 54..=56, 60..=61, 63..=64, 69..=76];
    /// The last option that the engine knows the arguments of.
    pub(super) const LAST: i32 = 78;
    pub(super) const PR_SET_VMA: i32 = 0x5356_4d41;
    pub(super) const PR_SET_PTRACER: i32 = 0x5961_6d61;
}

/// `prctl(option, arg2, arg3, arg4, arg5)`.
///
/// # Errors
/// - `EINVAL`: an option that the engine does not know or that changes what it runs on.
/// - Other errors are the kernel's.
pub(super) fn prctl(
    cx: &mut Cx<'_>,
    option: i32,
    arg2: u64,
    arg3: u64,
    arg4: u64,
    arg5: u64,
) -> SysResult {
    let memory = cx.data().memory;
    let words: [Word<'_>; 5] = match option {
        // Differs from Linux: what the engine's own code or signals rest on stays as it is.
        option::PR_SET_SECCOMP
        | option::PR_SET_TSC
        | option::PR_SET_MM
        | option::PR_GET_TID_ADDRESS
        | option::PR_SET_SYSCALL_USER_DISPATCH
        | option::PR_SET_MDWE => return Err(Errno::EINVAL.into()),
        _ if option::PROCESSOR
            .iter()
            .any(|range| range.contains(&option)) =>
        {
            return Err(Errno::EINVAL.into());
        }
        option::PR_GET_PDEATHSIG
        | option::PR_GET_UNALIGN
        | option::PR_GET_FPEMU
        | option::PR_GET_FPEXC
        | option::PR_SET_NAME
        | option::PR_GET_NAME
        | option::PR_GET_ENDIAN
        | option::PR_GET_TSC
        | option::PR_GET_CHILD_SUBREAPER => {
            let at = address(memory, arg2);
            [option.into(), at, arg3.into(), arg4.into(), arg5.into()]
        }
        option::PR_SCHED_CORE => {
            let at = address(memory, arg5);
            [option.into(), arg2.into(), arg3.into(), arg4.into(), at]
        }
        option::PR_SET_VMA => {
            let (start, name) = (address(memory, arg3), address(memory, arg5));
            let len = u64::from(arg4 as u32);
            [option.into(), arg2.into(), start, len.into(), name]
        }
        1..=option::LAST | option::PR_SET_PTRACER => [
            option.into(),
            arg2.into(),
            arg3.into(),
            arg4.into(),
            arg5.into(),
        ],
        _ => return Err(Errno::EINVAL.into()),
    };
    kernel(cx, libc::SYS_prctl, &words)
}

/// An argument that is an address; the guest's have 32 bits.
fn address(memory: GuestMemory, arg: u64) -> Word<'static> {
    HostPtr::guest(memory, GuestAddr(arg as u32)).into()
}
