//! The guest's memory: where it lies, what is mapped in it, and how it is read and written.
//!
//! No Rust reference to it is ever made. What has been mapped where is in [`Mappings`]; addresses have
//! types of their own ([`GuestAddr`], [`GuestPtr`]), so that none is taken for one of the host's.

pub(crate) mod code;
mod guest;
pub(crate) mod layout;
mod limits;
mod linear;
mod mappings;
mod pointer;
mod reservation;
pub(crate) mod robust_links;
mod shadow;
mod transfer;

pub(crate) use guest::GuestMemory;
pub(crate) use limits::Limits;
pub(crate) use linear::Memories;
pub(crate) use mappings::{MapRequest, MappedPieces, Mappings, RemapRequest};
pub(crate) use pointer::{FromWasm, GuestAddr, GuestPtr, Plain};
pub(crate) use reservation::{PAGE_SIZE, holds_host as reservation_holds};
pub(crate) use shadow::Shadow;
