//! The imports of module `wali` that are no system calls: start, arguments, environment, end.

mod arguments;
mod environment;
mod jumps;

use wasmtime::Func;

use crate::guest::Cx;
use crate::host::process;
use crate::sys::MakeFunc;

/// Import name and maker, sorted by name.
const SUPPORT: &[(&str, MakeFunc)] = &[
    ("__call_ctors", |store| Func::wrap(store, || {})),
    ("__call_dtors", |store| Func::wrap(store, || {})),
    ("__cl_copy_argv", |store| {
        Func::wrap(store, arguments::copy_argument)
    }),
    ("__cl_get_argc", |store| Func::wrap(store, arguments::count)),
    ("__cl_get_argv_len", |store| {
        Func::wrap(store, arguments::length)
    }),
    ("__deinit", |store| Func::wrap(store, || 0i32)),
    ("__get_init_envfile", |store| {
        Func::wrap(store, environment::file)
    }),
    ("__init", |store| Func::wrap(store, || 0i32)),
    ("__proc_exit", |store| Func::wrap(store, proc_exit)),
    ("longjmp", |store| Func::wrap(store, jumps::longjmp)),
    ("setjmp", |store| Func::wrap(store, jumps::setjmp)),
    ("sigsetjmp", |store| Func::wrap(store, jumps::sigsetjmp)),
];

/// The host function of a support import.
pub(crate) fn find(import: &str) -> Option<MakeFunc> {
    let at = SUPPORT
        .binary_search_by_key(&import, |(name, _)| name)
        .ok()?;
    Some(SUPPORT[at].1)
}

/// `__proc_exit(status)`: ends the process.
fn proc_exit(_cx: Cx<'_>, status: i32) {
    process::exit_now(status)
}
