//! `setjmp`, `sigsetjmp` and `longjmp` as imports, which modules of older toolchains have.
//!
//! An import cannot return twice, so `setjmp` only ever returns 0. A program that merely prepares for errors
//! runs; one that jumps ends with a message.

use crate::program::{Cx, Ended, Stop};

/// `setjmp(buffer)`: the first return.
pub(super) fn setjmp(_cx: Cx<'_>, _buffer: i32) -> i32 {
    0
}

/// `sigsetjmp(buffer, save_mask)`: the first return.
pub(super) fn sigsetjmp(_cx: Cx<'_>, _buffer: i32, _save_mask: i32) -> i32 {
    0
}

/// `longjmp(buffer, value)`: ends the program.
pub(super) fn longjmp(_cx: Cx<'_>, _buffer: i32, _value: i32) -> wasmtime::Result<()> {
    crate::program::finish(Err(Stop::Ended(Ended::Longjmp))).map(drop)
}
