//! What belongs to the guest: its memory, the mappings in it, its arguments, its threads.
//!
//! Together with [`crate::host`] the only place with `unsafe` code.

pub(crate) mod copy;
pub(crate) mod layout;
mod limits;
mod linear;
mod mappings;
mod memory;
mod pointer;
mod reservation;
mod shadow;
mod task;

pub use limits::Limits;
pub(crate) use linear::{GuestSpace, Memories};
pub use mappings::{MapRequest, MappedPieces, Mappings, RemapRequest};
pub use memory::GuestMemory;
pub use pointer::{FromWasm, GuestAddr, GuestPtr, Plain};
pub(crate) use reservation::holds_host as reservation_holds;
pub use reservation::{PAGE_SIZE, Reservation, WASM_PAGE_SIZE};
pub(crate) use shadow::Shadow;
pub use task::{Cx, Process, Program, Task};
