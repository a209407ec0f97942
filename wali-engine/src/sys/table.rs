//! The imports that reach system calls, sorted by name; written by `build.rs` from the spec.

#![allow(
    clippy::redundant_closure,
    reason = "in generated text a call without arguments looks like every other"
)]

use wasmtime::Func;

use super::{MakeFunc, answer, kernel, pointer, refused};
use crate::guest::{Cx, FromWasm};
use crate::host::word::Word;

/// Import name and maker.
pub(super) const SYSCALLS: &[(&str, MakeFunc)] = include!(concat!(env!("OUT_DIR"), "/syscalls.rs"));
