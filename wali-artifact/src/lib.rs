//! Compiled programs as files.
//!
//! A compiled program is machine code, or code for the interpreter, that whoever runs it has to trust.
//! This crate says what such a file looks like ([`Label`], [`Image`]), with which settings its code is
//! made ([`settings`]), where programs that were compiled on the way are kept ([`Cache`]), and whose
//! files are executed at all ([`trust`]). It compiles nothing and runs nothing: a [`Compiler`] does the
//! one, `wali-runtime` the other.

#![forbid(unsafe_code)]

mod cache;
mod compiler;
mod error;
pub mod exchange;
mod label;
mod read;
pub mod settings;
#[cfg(test)]
#[path = "../build/tokens.rs"]
mod tokens;
pub mod trust;

pub use cache::{
    Cache, CacheChoice, DEFAULT_LIMIT_BYTES, Entry, Found, Pruned, State, folder as cache_folder,
    key,
};
pub use compiler::{Compiler, Outcome, Request};
pub use error::{LoadError, LoadErrorKind};
pub use label::{Image, Key, Label, REVISION, Unusable, VERSION};
pub use read::{is_compiled_file, open, read_module};
