//! Where control goes besides the program's own code: into its handlers, new threads, copies of the
//! process, and the program that takes its place.

pub(crate) mod exec;
pub(crate) mod fork;
pub(crate) mod handlers;
pub(crate) mod threads;
