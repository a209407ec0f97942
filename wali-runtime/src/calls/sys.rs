//! The system calls.
//!
//! A call served by hand is a function of the kernel's name in a file of its family:
//!
//! ```text
//! pub(super) fn NAME(cx: &mut Cx<'_>, args…) -> SysResult
//! ```
//!
//! Each argument has whatever type [`FromWasm`](crate::memory::FromWasm) makes of its Wasm type: a
//! number, a [`GuestAddr`](crate::memory::GuestAddr), a [`GuestPtr`](crate::memory::GuestPtr). The
//! table of all calls is written by `build.rs`, which finds the function by its name.

mod aio;
mod clock;
mod control;
mod fanotify;
mod fcntl;
mod foreign;
mod futex;
mod ioctl;
mod kcmp;
mod keyctl;
mod limits;
mod link;
mod message;
mod mlock;
mod mmap;
mod mounts;
mod mqueue;
mod mseal;
mod numa;
mod older;
mod open;
mod perf;
mod personality;
mod poll;
mod prctl;
mod process;
mod seccomp;
mod select;
mod sem;
mod send_signal;
mod shared_open;
mod shm;
mod signal;
mod sockopt;
mod sysfs;
mod table;
mod thread;
mod timer;
mod uio;
mod xattr;

use super::define::Define;

/// What serves `wali.SYS_<name>`, given the whole import name.
pub(crate) fn find(import: &str) -> Option<Define> {
    let table = table::SYSCALLS;
    let at = table.binary_search_by_key(&import, |(name, _)| name).ok()?;
    Some(table[at].1)
}
