//! The imports of module `wali` that are no system calls: start, arguments, environment, end.

mod arguments;
mod environment;
mod jumps;

use wasmtime::Func;

use crate::guest::Cx;
use crate::sys::{MakeFunc, serve};
use crate::thread;

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
    ("__wasm_thread_spawn", |store| {
        Func::wrap(store, thread_spawn)
    }),
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
fn proc_exit(cx: Cx<'_>, status: i32) {
    let task = cx.data();
    thread::exit_group(task.process, task.memory, status)
}

/// `__wasm_thread_spawn(start, arg)`: starts a thread and answers its number, or `-EAGAIN`.
fn thread_spawn(mut cx: Cx<'_>, start: i32, arg: i32) -> wasmtime::Result<i32> {
    let (start, arg) = (start.cast_unsigned(), arg.cast_unsigned());
    let result = serve(&mut cx, |cx| thread::spawn(cx, start, arg))?;
    // A number of a thread, or of an error: both are small.
    Ok(result as i32)
}
