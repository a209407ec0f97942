//! The imports that reach system calls, sorted by name; written by `build.rs` from the spec.

#![allow(
    clippy::redundant_closure,
    reason = "in generated text a call without arguments looks like every other"
)]

use super::{answer, kernel, pointer, refused};
use crate::guest::{Cx, FromWasm};
use crate::host::word::Word;
use crate::imports::Definition;

/// Import name and definition.
pub(super) const SYSCALLS: &[Definition] = include!(concat!(env!("OUT_DIR"), "/syscalls.rs"));
