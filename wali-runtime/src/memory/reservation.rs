//! The host address range that the linear memory lives in: reserved once, at one base for the
//! process's life.
//!
//! 4 GiB for every address a guest can form, then a guard of 4 GiB and one page. A guest pointer
//! plus a guest length can therefore never leave it.
//!
//! Differs from Linux (mlockall): all of it counts against `RLIMIT_MEMLOCK`, so unprivileged programs get
//! `ENOMEM`.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use wali_artifact::settings;

use super::GuestAddr;
use crate::kernel::{Errno, mman};

/// Bytes in a page, for the guest as for the host.
pub(crate) const PAGE_SIZE: u32 = 4096;

/// Bytes that a guest can address.
pub(crate) const SPACE_BYTES: usize = settings::MEMORY_BYTES as usize;

/// Bytes behind them that are never accessible.
pub(crate) const GUARD_BYTES: usize = settings::GUARD_BYTES as usize;

/// The base is a multiple of this: huge pages fit, and the upper halves of all addresses in the
/// linear memory are the same.
const ALIGNMENT: usize = 1 << 32;

static RESERVATION: OnceLock<Reservation> = OnceLock::new();

/// The reservation's base once more, for the path of every system call.
static BASE: AtomicUsize = AtomicUsize::new(0);

/// The process's reservation.
#[derive(Debug)]
pub(super) struct Reservation {
    base: usize,
}

impl Reservation {
    /// Reserves the range on the first call; later calls find it.
    ///
    /// # Errors
    /// - `ENOMEM`: the host's address space or its `RLIMIT_AS` has no room for it.
    pub(super) fn get_or_reserve() -> Result<&'static Reservation, Errno> {
        if let Some(reservation) = RESERVATION.get() {
            return Ok(reservation);
        }
        let base = mman::reserve_aligned(SPACE_BYTES + GUARD_BYTES, ALIGNMENT)?;
        let reservation = RESERVATION.get_or_init(|| Reservation { base });
        BASE.store(reservation.base, Ordering::Relaxed);
        Ok(reservation)
    }

    /// The host address of guest address 0.
    pub(super) fn base(&self) -> usize {
        self.base
    }
}

/// The host address of guest address 0; 0 before the reservation is made.
#[inline]
pub(crate) fn base() -> usize {
    BASE.load(Ordering::Relaxed)
}

/// Whether host address `address` is in the reservation.
pub(crate) fn holds_host(address: u64) -> bool {
    let offset = address.wrapping_sub(base() as u64);
    base() != 0 && offset < (SPACE_BYTES + GUARD_BYTES) as u64
}

/// Whether `len` bytes from `addr` stay inside the reservation.
pub(crate) fn holds(addr: GuestAddr, len: usize) -> bool {
    len <= GUARD_BYTES && addr.0 as usize + len <= SPACE_BYTES + GUARD_BYTES
}
