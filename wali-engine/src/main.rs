//! `wali-engine`: the command.
//!
//! Rust's own start is left out: it ignores SIGPIPE, opens closed standard descriptors and handles
//! SIGSEGV, all of which the program would find and its children inherit.

#![no_main]

use std::ffi::{c_char, c_int};

/// Where the C library starts the engine; the arguments also reach `std::env::args`.
#[unsafe(no_mangle)]
pub extern "C" fn main(_argc: c_int, _argv: *const *const c_char) -> c_int {
    c_int::from(wali_engine::cli::main())
}
