//! Processes: copies by `fork`, new programs by `exec`, and the end.

pub(crate) mod exec;
mod fork;
mod image;
mod script;

pub(crate) use fork::{ForkRequest, fork};
