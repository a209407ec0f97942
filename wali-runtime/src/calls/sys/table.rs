//! The imports that reach system calls, sorted by name; written by `build.rs` from the spec.

#![allow(
    clippy::redundant_closure,
    reason = "in generated text a call without arguments looks like every other"
)]

use crate::calls::define::Definition;
use crate::calls::gate::{enter, kernel, open_flags, path, pointer, refused};
use crate::kernel::word::Word;
use crate::memory::FromWasm;
use crate::program::Cx;

#[cfg(not(target_arch = "x86_64"))]
use crate::calls::sys::foreign::{Place, kernel_filling, kernel_filling_many, kernel_reading};
#[cfg(not(target_arch = "x86_64"))]
use crate::memory::GuestAddr;

/// Import name and definition.
pub(super) const SYSCALLS: &[Definition] = include!(concat!(env!("OUT_DIR"), "/syscalls.rs"));
