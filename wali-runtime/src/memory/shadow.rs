//! A second range of host addresses beside the linear memory. It holds structures that the kernel gets in place of
//! the guest's and later names by their addresses.

use std::sync::OnceLock;

use super::GuestAddr;
use super::reservation::SPACE_BYTES;
use crate::kernel::structs::Iocb;
use crate::kernel::word::HostPtr;
use crate::kernel::{Errno, mman};

/// Bytes behind the range, for a structure at its very end.
const TAIL_BYTES: usize = 4096;

static SHADOW: OnceLock<Shadow> = OnceLock::new();

/// The range: as large as the linear memory, and empty but for the pages in use.
#[derive(Debug)]
pub(crate) struct Shadow {
    base: usize,
}

impl Shadow {
    /// The process's range, reserved by the first call.
    ///
    /// # Errors
    /// - `ENOMEM`: the host has no room for it.
    pub(crate) fn get_or_reserve() -> Result<&'static Shadow, Errno> {
        if let Some(shadow) = SHADOW.get() {
            return Ok(shadow);
        }
        let prot = libc::PROT_READ | libc::PROT_WRITE;
        let base = mman::anonymous(SPACE_BYTES + TAIL_BYTES, prot)?;
        // Another thread may have been faster; its range is as good, and this one stays empty.
        Ok(SHADOW.get_or_init(|| Shadow { base }))
    }

    /// The kernel's address of the structure that the guest has at `addr`.
    pub(crate) fn address(&self, addr: GuestAddr) -> HostPtr<'static> {
        HostPtr::in_range(self.base + addr.0 as usize)
    }

    /// The guest's address of the structure that the kernel has at `address`.
    pub(crate) fn guest_addr(&self, address: u64) -> Option<GuestAddr> {
        let offset = address.checked_sub(self.base as u64)?;
        u32::try_from(offset).ok().map(GuestAddr)
    }

    /// The host address of the link that belongs to the guest's at `addr`.
    pub(crate) fn link(&self, addr: GuestAddr) -> u64 {
        (self.base + addr.0 as usize) as u64
    }

    /// Sets that link.
    pub(crate) fn set_link(&self, addr: GuestAddr, to: u64) {
        let at = (self.base + addr.0 as usize) as *mut u64;
        // SAFETY: the range was mapped for writing, is larger than any guest address plus a link,
        // and never unmapped. Only the kernel follows it, and checks each address.
        unsafe { at.write_unaligned(to) };
    }

    /// Stores `iocb` for the guest's at `addr`, and returns the kernel's address of it.
    pub(crate) fn place(&self, addr: GuestAddr, iocb: &Iocb<'_>) -> HostPtr<'static> {
        let at = self.base + addr.0 as usize;
        let (from, to) = ((&raw const *iocb).cast::<u8>(), at as *mut u8);
        // SAFETY: the range was mapped for writing, is larger than any guest address plus this
        // structure, and never unmapped. Threads that submit the same request at the same time may
        // mix their bytes; a mix of the guest's addresses is one of its addresses, since the linear
        // memory begins at a multiple of 4 GiB.
        unsafe { std::ptr::copy_nonoverlapping(from, to, size_of::<Iocb<'_>>()) };
        self.address(addr)
    }
}
