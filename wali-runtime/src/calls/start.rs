//! The imports of module `wali` that are no system calls: start, arguments, environment, end.

mod arguments;
mod environment;
mod jumps;

use wali_contract::THREAD_SPAWN;

use super::define::{Define, Definition};
use super::gate::serve;
use crate::control::threads;
use crate::program::Cx;

/// Import name and definition, sorted by name.
const SUPPORT: &[Definition] = &[
    ("__call_ctors", |imports| imports.add(|| {})),
    ("__call_dtors", |imports| imports.add(|| {})),
    ("__cl_copy_argv", |imports| {
        imports.add(arguments::copy_argument)
    }),
    ("__cl_get_argc", |imports| imports.add(arguments::count)),
    ("__cl_get_argv_len", |imports| {
        imports.add(arguments::length)
    }),
    ("__deinit", |imports| imports.add(|| 0i32)),
    ("__get_init_envfile", |imports| {
        imports.add(environment::file)
    }),
    ("__init", |imports| imports.add(|| 0i32)),
    ("__proc_exit", |imports| imports.add(proc_exit)),
    (THREAD_SPAWN, |imports| imports.add(thread_spawn)),
    ("longjmp", |imports| imports.add(jumps::longjmp)),
    ("setjmp", |imports| imports.add(jumps::setjmp)),
    ("sigsetjmp", |imports| imports.add(jumps::sigsetjmp)),
];

/// What serves a support import.
pub(crate) fn find(import: &str) -> Option<Define> {
    let at = SUPPORT
        .binary_search_by_key(&import, |(name, _)| name)
        .ok()?;
    Some(SUPPORT[at].1)
}

/// `__proc_exit(status)`: ends the process.
fn proc_exit(cx: Cx<'_>, status: i32) {
    let task = cx.data();
    threads::exit_group(task.process, task.memory, status)
}

/// `__wasm_thread_spawn(start, arg)`: starts a thread and returns its number, or `-EAGAIN`.
fn thread_spawn(mut cx: Cx<'_>, start: i32, arg: i32) -> wasmtime::Result<i32> {
    let (start, arg) = (start.cast_unsigned(), arg.cast_unsigned());
    let result = serve(&mut cx, |cx| threads::spawn(cx, start, arg))?;
    // A number of a thread, or of an error: both are small.
    Ok(result as i32)
}
