//! The imports that reach system calls, sorted by name.

use wasmtime::Func;

use super::{MakeFunc, mmap};
use crate::finish;
use crate::guest::{Cx, FromWasm, GuestAddr};

/// Wraps a call served by hand: `hand!(path(arg: wasm type, …))`.
macro_rules! hand {
    ($call:path, $($arg:ident: $ty:ty),*) => {
        |store| Func::wrap(store, |mut cx: Cx<'_>, $($arg: $ty),*| {
            finish($call(&mut cx, $(FromWasm::from_wasm($arg)),*))
        })
    };
}

/// Wraps a call that the kernel gets as it is; `p` arguments are pointers, `n` numbers.
macro_rules! direct {
    ($nr:expr, $($arg:ident: $kind:ident),*) => {
        |store| Func::wrap(store, |cx: Cx<'_>, $($arg: i32),*| -> i64 {
            let _memory = cx.data().memory;
            crate::host::raw_syscall($nr, &[$(direct!(@$kind _memory $arg)),*])
        })
    };
    (@p $memory:ident $arg:ident) => {
        $memory.host_ptr(GuestAddr($arg.cast_unsigned())) as i64
    };
    (@n $memory:ident $arg:ident) => { i64::from($arg) };
}

/// Import name and maker, sorted by name.
pub(super) const SYSCALLS: &[(&str, MakeFunc)] = &[
    ("SYS_brk", hand!(mmap::brk, a: i32)),
    ("SYS_close", direct!(libc::SYS_close, a: n)),
    ("SYS_exit", direct!(libc::SYS_exit, a: n)),
    ("SYS_exit_group", direct!(libc::SYS_exit_group, a: n)),
    ("SYS_getpid", direct!(libc::SYS_getpid,)),
    ("SYS_ioctl", direct!(libc::SYS_ioctl, a: n, b: n, c: p)),
    ("SYS_madvise", hand!(mmap::madvise, a: i32, b: i32, c: i32)),
    ("SYS_mincore", hand!(mmap::mincore, a: i32, b: i32, c: i32)),
    (
        "SYS_mmap",
        hand!(mmap::mmap, a: i32, b: i32, c: i32, d: i32, e: i32, f: i64),
    ),
    (
        "SYS_mprotect",
        hand!(mmap::mprotect, a: i32, b: i32, c: i32),
    ),
    (
        "SYS_mremap",
        hand!(mmap::mremap, a: i32, b: i32, c: i32, d: i32, e: i32),
    ),
    ("SYS_msync", hand!(mmap::msync, a: i32, b: i32, c: i32)),
    ("SYS_munmap", hand!(mmap::munmap, a: i32, b: i32)),
    ("SYS_open", direct!(libc::SYS_open, a: p, b: n, c: n)),
    ("SYS_read", direct!(libc::SYS_read, a: n, b: p, c: n)),
    ("SYS_set_tid_address", direct!(libc::SYS_gettid,)),
    ("SYS_write", direct!(libc::SYS_write, a: n, b: p, c: n)),
];
