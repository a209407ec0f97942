//! The system calls.
//!
//! A call served by hand is a function of the kernel's name in a file of its family:
//!
//!     pub(super) fn NAME(cx: &mut Cx<'_>, args…) -> SysResult
//!
//! Each argument has whatever type [`FromWasm`](crate::guest::FromWasm) makes of its Wasm type: a
//! number, a [`GuestAddr`](crate::guest::GuestAddr), a [`GuestPtr`](crate::guest::GuestPtr).

mod mmap;
mod table;

use wasmtime::{Func, Store};

use crate::guest::Task;

/// Makes an import's host function in a store.
pub(crate) type MakeFunc = fn(&mut Store<Task>) -> Func;

/// The host function of `wali.SYS_<name>`, given the whole import name.
pub(crate) fn find(import: &str) -> Option<MakeFunc> {
    let table = table::SYSCALLS;
    let at = table.binary_search_by_key(&import, |(name, _)| name).ok()?;
    Some(table[at].1)
}
