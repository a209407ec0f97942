//! Modules before they are compiled: what they are made of, whether the interface serves them, and
//! what is changed in them.
//!
//! Everything here is a pure function of a module's bytes: no file is read, nothing is printed, and no
//! processor asked.
//!
//! - [`inspect`] reads what a module is made of and [`problems`] says why it cannot run, if so.
//! - [`prepare`] makes the module that is compiled: one memory for all threads (`rewrite`), calls
//!   through pointers of another type (`casts`), safepoints for signal handlers (`safepoint`), and for
//!   the interpreter plain accesses in place of atomic ones (`lower_atomics`).

#![forbid(unsafe_code)]

mod casts;
mod check;
mod inspect;
mod lower_atomics;
mod memory_calls;
mod prepare;
mod rewrite;
mod safepoint;
mod sections;

pub use check::{Problem, problems};
pub use inspect::{Import, ImportKind, Inspection, InvalidModule, MemoryShape, inspect};
pub use prepare::{Prepared, prepare};
