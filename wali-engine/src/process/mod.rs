//! Processes: copies by `fork`, new programs by `exec`, and the end.

pub(crate) mod exec;
mod fork;
mod image;
pub(crate) mod own_file;
mod script;

pub use own_file::{FileId, OwnFile};

pub(crate) use fork::{ForkRequest, fork};
