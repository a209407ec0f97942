//! The imports that reach system calls, sorted by name; written by `build.rs` from the spec.

#![allow(
    clippy::redundant_closure,
    reason = "in generated text a call without arguments looks like every other"
)]

use super::{answer, kernel, open_flags, pointer, refused};
use crate::guest::{Cx, FromWasm};
use crate::host::word::Word;
use crate::imports::Definition;

#[cfg(not(target_arch = "x86_64"))]
use super::foreign::{Place, kernel_filling, kernel_filling_many, kernel_reading};
#[cfg(not(target_arch = "x86_64"))]
use crate::guest::GuestAddr;

/// Import name and definition.
pub(super) const SYSCALLS: &[Definition] = include!(concat!(env!("OUT_DIR"), "/syscalls.rs"));
