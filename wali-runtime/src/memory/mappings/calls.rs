//! Calls that change or ask about what is mapped without moving it: `mprotect`, `madvise`,
//! `msync`, `mincore`.

use super::ranges::{Attributes, Pages};
use super::{Mappings, page_of};
use crate::kernel::{Errno, mman};
use crate::memory::{GuestAddr, PAGE_SIZE};

/// The protections that `mprotect` takes on every architecture; the last is `PROT_SEM`.
const PROTECTIONS: i32 = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC | 0x8;

/// `PROT_GROWSDOWN` and `PROT_GROWSUP`.
const GROWS: i32 = libc::PROT_GROWSDOWN | libc::PROT_GROWSUP;

impl Mappings {
    /// `mprotect`, whose `PROT_EXEC` the host never gets.
    ///
    /// `PROT_NONE` unmaps page 0, which native programs do not have either: the libc's start asks for that.
    ///
    /// # Errors
    /// - `EINVAL`: an address inside a page, unknown bits, or a mapping that should grow.
    /// - `ENOMEM`: something in the range is not mapped; what lies before it is changed. Page 0
    ///   counts as mapped only for `PROT_NONE`.
    /// - `EACCES`: the file behind it was not opened for writing.
    pub(crate) fn protect(&mut self, addr: GuestAddr, len: u32, prot: i32) -> Result<(), Errno> {
        let start = page_of(addr).ok_or(Errno::EINVAL)?;
        if prot & GROWS == GROWS {
            return Err(Errno::EINVAL);
        }
        if len == 0 {
            return Ok(());
        }
        let range = self.whole_range(addr, len).ok_or(Errno::ENOMEM)?;
        if prot & !(PROTECTIONS | GROWS) != 0 {
            return Err(Errno::EINVAL);
        }
        if start == 0 && prot == libc::PROT_NONE && !self.regions.is_clear(&(0..1)) {
            self.release(&(0..1))?;
            let rest = len.saturating_sub(PAGE_SIZE);
            return self.protect(GuestAddr(PAGE_SIZE), rest, prot);
        }
        // Once the start code has unmapped page 0, nobody gets it back.
        if range.start == 0 && prot != libc::PROT_NONE {
            return Err(Errno::ENOMEM);
        }
        let mut next = start;
        for (piece, attributes) in self.regions.inside(&range) {
            if piece.start != next {
                return Err(Errno::ENOMEM);
            }
            if prot & GROWS != 0 {
                // No mapping of the guest grows by itself.
                return Err(Errno::EINVAL);
            }
            next = piece.end;
            self.protect_piece(piece, attributes, prot & !libc::PROT_EXEC)?;
        }
        if next == range.end {
            Ok(())
        } else {
            Err(Errno::ENOMEM)
        }
    }

    fn protect_piece(&mut self, piece: Pages, was: Attributes, prot: i32) -> Result<(), Errno> {
        let (at, len) = self.host(&piece);
        // SAFETY: the piece is a mapping of the guest.
        unsafe { mman::protect(at, len, prot)? };
        self.regions.remove(&piece);
        self.regions.insert(piece, Attributes { prot, ..was });
        Ok(())
    }

    /// `madvise`.
    ///
    /// # Errors
    /// - `EINVAL`: an advice the kernel does not know, an address inside a page.
    /// - `ENOMEM`: something in the range is not mapped; the rest is advised.
    /// - Other errors of the advice are the kernel's.
    pub(crate) fn advise(&mut self, addr: GuestAddr, len: u32, advice: i32) -> Result<(), Errno> {
        mman::check_advice(self.memory.base(), advice)?;
        page_of(addr).ok_or(Errno::EINVAL)?;
        // Differs from Linux (madvise): a child gets a copy of all memory. Pages that it did not get would be a
        // hole in its reservation, into which mappings of its engine could fall.
        if matches!(advice, libc::MADV_DONTFORK | libc::MADV_DOFORK) {
            return Ok(());
        }
        let range = self.whole_range(addr, len).ok_or(Errno::EINVAL)?;
        let (pieces, whole) = self.pieces(&range);
        for piece in pieces {
            let (at, len) = self.host(&piece);
            // SAFETY: the piece is a mapping of the guest.
            unsafe { mman::advise(at, len, advice)? };
        }
        if whole { Ok(()) } else { Err(Errno::ENOMEM) }
    }

    /// Returns the mapped pieces of a range as host addresses and lengths. `msync` and the like ask the kernel
    /// about them after the lock is released.
    ///
    /// # Errors
    /// - `EINVAL`: an address inside a page.
    /// - `ENOMEM`: the range leaves the memory.
    pub(crate) fn mapped_pieces(&self, addr: GuestAddr, len: u32) -> Result<MappedPieces, Errno> {
        page_of(addr).ok_or(Errno::EINVAL)?;
        let range = self.whole_range(addr, len).ok_or(Errno::ENOMEM)?;
        let (pieces, whole) = self.pieces(&range);
        Ok(MappedPieces {
            pieces: pieces.iter().map(|piece| self.host(piece)).collect(),
            whole,
        })
    }

    /// Whether something is mapped at `addr`.
    pub(crate) fn is_mapped(&self, addr: GuestAddr) -> bool {
        let page = addr.0 / PAGE_SIZE;
        !self.regions.inside(&(page..page + 1)).is_empty()
    }
}

/// The mapped parts of a range.
#[derive(Debug)]
pub(crate) struct MappedPieces {
    pieces: Vec<(usize, usize)>,
    whole: bool,
}

impl MappedPieces {
    /// `msync` of every piece.
    ///
    /// # Errors
    /// - `ENOMEM`: something in the range is not mapped; the rest is written.
    /// - Other errors are the kernel's.
    pub(crate) fn sync(&self, flags: i32) -> Result<(), Errno> {
        for &(at, len) in &self.pieces {
            mman::sync(at, len, flags)?;
        }
        self.check_whole()
    }

    /// Whether all of the range is mapped.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }

    /// `mseal` of every piece.
    ///
    /// # Errors
    /// - `ENOMEM`: something in the range is not mapped; nothing is sealed.
    /// - Other errors are the kernel's.
    pub(crate) fn seal(&self, flags: u64) -> Result<(), Errno> {
        self.check_whole()?;
        for &(at, len) in &self.pieces {
            mman::seal(at, len, flags)?;
        }
        Ok(())
    }

    /// `mlock` of every piece, as `mlock2` takes its flags.
    ///
    /// # Errors
    /// - `ENOMEM`: something in the range is not mapped; the rest is locked.
    /// - Other errors are the kernel's.
    pub(crate) fn lock(&self, flags: u32) -> Result<(), Errno> {
        for &(at, len) in &self.pieces {
            mman::lock(at, len, flags)?;
        }
        self.check_whole()
    }

    /// `munlock` of every piece.
    ///
    /// # Errors
    /// - `ENOMEM`: something in the range is not mapped; the rest is unlocked.
    /// - Other errors are the kernel's.
    pub(crate) fn unlock(&self) -> Result<(), Errno> {
        for &(at, len) in &self.pieces {
            mman::unlock(at, len)?;
        }
        self.check_whole()
    }

    /// `mincore`: returns one byte for each page.
    ///
    /// # Errors
    /// - `ENOMEM`: something in the range is not mapped.
    /// - Other errors are the kernel's.
    pub(crate) fn resident(&self) -> Result<Vec<u8>, Errno> {
        self.check_whole()?;
        let mut pages = Vec::new();
        for &(at, len) in &self.pieces {
            let known = pages.len();
            pages.resize(known + len / PAGE_SIZE as usize, 0);
            mman::resident(at, &mut pages[known..], len)?;
        }
        Ok(pages)
    }

    fn check_whole(&self) -> Result<(), Errno> {
        if self.whole {
            Ok(())
        } else {
            Err(Errno::ENOMEM)
        }
    }
}
