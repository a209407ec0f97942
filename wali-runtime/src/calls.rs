//! What serves a program's imports: the system calls (`sys`), the imports of its start (`start`), and
//! those that replace instructions on memory (`memory`).
//!
//! Every call that enters the kernel for the guest passes `gate`.

mod admit;
pub(crate) mod define;
mod gate;
pub(crate) mod memory;
pub(crate) mod start;
pub(crate) mod sys;
mod text_busy;

pub use gate::{Policy, Verdict};
pub(crate) use gate::{is_watched, watch};
