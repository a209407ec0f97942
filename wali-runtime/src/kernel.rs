//! The kernel as this machine has it: raw calls, mappings, descriptors, processes, the registers of an
//! interrupted thread.
//!
//! The lowest layer. Nothing here knows what a guest is, but that its memory may fault under a copy.

pub(crate) mod altstack;
pub(crate) mod child;
pub(crate) mod clock;
pub(crate) mod command_line;
pub(crate) mod context;
pub(crate) mod copy;
pub(crate) mod descriptor;
mod errno;
pub(crate) mod execve;
mod file_id;
pub(crate) mod mman;
pub(crate) mod process;
pub(crate) mod sigaction;
mod sigset;
pub(crate) mod stderr;
pub(crate) mod structs;
pub(crate) mod syscall;
pub(crate) mod time;
pub(crate) mod wake;
pub(crate) mod word;

use wali_abi::Isa;

pub use errno::Errno;
pub(crate) use file_id::FileId;
pub(crate) use sigset::{SIGNAL_MAX, SigSet};

/// The instruction set of the host.
#[cfg(target_arch = "x86_64")]
pub(crate) const ISA: Isa = Isa::X86_64;
/// The instruction set of the host.
#[cfg(target_arch = "aarch64")]
pub(crate) const ISA: Isa = Isa::Aarch64;
/// The instruction set of the host.
#[cfg(target_arch = "riscv64")]
pub(crate) const ISA: Isa = Isa::Riscv64;
