//! From a module to a compiled program: check, prepare, compile.
//!
//! [`build`] does all of it. What makes the code is a [`Backend`]; [`cranelift`] makes the one there is.
//! [`InProcess`] is for programs that run modules and compile them in their own process; the program
//! `wali-compiler` is for those that do not.

#![deny(unsafe_code)]

mod backend;
pub mod cli;
mod in_process;
mod program;
mod progress;
mod threads;

pub use backend::{Backend, BackendError, LEVELS, Level, Optimization, Target, cranelift};
pub use in_process::InProcess;
pub use program::{build, compile_file};
