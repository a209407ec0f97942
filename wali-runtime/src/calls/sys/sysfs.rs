//! The kernel's list of file system types: `sysfs`.
//!
//! By hand: its arguments are numbers or addresses as the option says.

use crate::calls::gate::kernel;
use crate::kernel::Errno;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::GuestAddr;
use crate::program::{Cx, SysResult};

/// The call's number where there is one; other instruction sets never had it.
const SYS_SYSFS: Option<libc::c_long> = if cfg!(target_arch = "x86_64") {
    Some(139)
} else {
    None
};

/// `sysfs(option, arg1, arg2)`: 1 finds a type's index by name, 2 its name by index, 3 counts.
///
/// # Errors
/// - `EINVAL`: no such type or option.
/// - `EFAULT`: a name that is not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn sysfs(cx: &mut Cx<'_>, option: i32, arg1: u64, arg2: u64) -> SysResult {
    let memory = cx.data().memory;
    let address = |arg: u64| Word::from(HostPtr::guest(memory, GuestAddr(arg as u32)));
    let words: [Word<'_>; 3] = match option {
        1 => [option.into(), address(arg1), Word::ZERO],
        2 => [option.into(), (arg1 as u32).into(), address(arg2)],
        _ => [option.into(), Word::ZERO, Word::ZERO],
    };
    kernel(cx, SYS_SYSFS.ok_or(Errno::ENOSYS)?, &words)
}
