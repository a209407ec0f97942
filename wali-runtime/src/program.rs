//! The state of a running program: the process, and one task a thread.
//!
//! What the threads of a program have in common is a [`Process`]; each has a [`Task`], the data of its
//! store. Functions that serve calls get both through a [`Cx`]. What becomes of this state (handlers,
//! threads, forks, execs) is decided one layer up.

mod alternate_stack;
mod ends;
mod instance;
mod own_file;
pub(crate) mod paths;
pub(crate) mod pinned;
mod robust;
mod stack;
mod task;
mod threads;
mod trap;

pub(crate) use alternate_stack::AlternateStack;
pub(crate) use ends::{Ended, Stop, SysResult, finish};
pub(crate) use instance::{Linked, instantiate};
pub(crate) use own_file::OwnFile;
pub(crate) use robust::RobustList;
pub(crate) use stack::{guest_stack_bytes, thread_stack_bytes};
pub(crate) use task::{Cx, EngineCommand, Process, Program, Start, Task};
pub(crate) use trap::{end, is_guest_end};
