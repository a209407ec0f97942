//! The mappings inside the linear memory: `mmap` and its family, with the kernel's rules.
//!
//! Everything that a guest maps is a real host mapping at its place in the reservation. An interval map
//! knows which pages are mapped and which are free. A free page is never a hole in the host's address
//! space, since another thread's allocation could fall into it: it stays a page of the reservation that
//! nothing can access.

mod calls;
mod ranges;
mod resize;
mod segments;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::ranges::{Attributes, Backing, FreeRanges, Pages, Regions};
use super::reservation::PAGE_SIZE;
use super::{GuestAddr, GuestMemory};
use crate::kernel::{Errno, mman};
pub(crate) use crate::memory::mappings::calls::MappedPieces;
pub(crate) use crate::memory::mappings::resize::RemapRequest;
use wali_contract::WASM_PAGE_SIZE;

/// Host pages in a page of `memory.grow`.
const PAGES_PER_WASM_PAGE: u32 = WASM_PAGE_SIZE / PAGE_SIZE;

/// The first page that is used unless the guest insists on a lower one: null pointers with an offset are to
/// fault.
const FIRST_PLACEABLE: u32 = 16;

/// Anonymous memory whose protection nobody has changed.
const READ_WRITE: Attributes = Attributes {
    prot: libc::PROT_READ | libc::PROT_WRITE,
    backing: Backing::Anonymous,
    unit: 1,
};

/// The arguments of `mmap`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MapRequest {
    /// Where the guest wants it; null leaves the choice.
    pub addr: GuestAddr,
    /// Length in bytes.
    pub len: u32,
    /// `PROT_*` bits.
    pub prot: i32,
    /// `MAP_*` bits.
    pub flags: i32,
    /// The file, unless `MAP_ANONYMOUS` is among the flags.
    pub fd: i32,
    /// Where in the file, in bytes.
    pub offset: i64,
}

/// What is mapped in the linear memory. A process has one, behind the lock in its `Process`.
#[derive(Debug)]
pub(crate) struct Mappings {
    memory: GuestMemory,
    regions: Regions,
    free: FreeRanges,
    brk: Option<resize::Break>,
    /// The end of the highest page ever used, in pages: what `memory.size` returns.
    top: u32,
    /// The module's maximum, in pages.
    max: u32,
    /// Pages mapped now.
    n_mapped: u32,
    /// `RLIMIT_AS` as the guest sees it, in pages.
    limit: u64,
    /// Where System V segments were attached: from the first page to the one behind the last.
    segments: BTreeMap<u32, u32>,
}

impl Mappings {
    /// Maps the module's initial memory of `initial` Wasm pages, which may grow to `max` Wasm pages.
    ///
    /// # Errors
    /// - `ENOMEM`: the host refuses the memory.
    pub(crate) fn new(memory: GuestMemory, initial: u32, max: u32) -> Result<Mappings, Errno> {
        let initial = initial * PAGES_PER_WASM_PAGE;
        let max = max * PAGES_PER_WASM_PAGE;
        let mut mappings = Mappings {
            memory,
            regions: Regions::default(),
            free: FreeRanges::default(),
            brk: None,
            top: initial,
            max,
            n_mapped: 0,
            limit: u64::MAX,
            segments: BTreeMap::new(),
        };
        mappings.free.give(initial.max(FIRST_PLACEABLE)..max);
        mappings.map_anonymous(0..initial)?;
        Ok(mappings)
    }

    /// Sets the guest's `RLIMIT_AS`; `None` lifts it.
    pub(crate) fn set_limit(&mut self, bytes: Option<u64>) {
        self.limit = bytes.map_or(u64::MAX, |bytes| bytes / u64::from(PAGE_SIZE));
    }

    /// The size of the linear memory in Wasm pages, as `memory.size` returns it.
    pub(crate) fn size(&self) -> u32 {
        self.top.div_ceil(PAGES_PER_WASM_PAGE)
    }

    /// `mmap`: maps and returns where.
    ///
    /// The host never gets `PROT_EXEC`, since nothing in guest memory can be executed.
    ///
    /// # Errors
    /// - `EINVAL`: length 0, an offset or fixed address inside a page, flags the kernel refuses.
    /// - `EBADF`: no such file.
    /// - `EEXIST`: `MAP_FIXED_NOREPLACE` and something is there.
    /// - `EPERM`: page 0 was asked for.
    /// - `ENOMEM`: no room, or over `RLIMIT_AS`.
    /// - Other errors of the file are the kernel's.
    pub(crate) fn map(&mut self, request: &MapRequest) -> Result<GuestAddr, Errno> {
        if request.offset & i64::from(PAGE_SIZE - 1) != 0 {
            return Err(Errno::EINVAL);
        }
        let anonymous = request.flags & libc::MAP_ANONYMOUS != 0;
        if !anonymous {
            crate::kernel::descriptor::check(request.fd)?;
        }
        if request.len == 0 {
            return Err(Errno::EINVAL);
        }
        self.ensure_break();
        let unit = pages_together(request)?;
        let range = self.place(request, unit)?;
        self.check_limit(&range)?;
        let backing = match request.flags & libc::MAP_TYPE {
            libc::MAP_PRIVATE if anonymous => Backing::Anonymous,
            libc::MAP_PRIVATE => Backing::File,
            _ => Backing::Shared,
        };
        let prot = request.prot & !libc::PROT_EXEC;
        self.map_host(&range, prot, request)?;
        let attributes = Attributes {
            prot,
            backing,
            unit,
        };
        self.note_mapped(range.clone(), attributes);
        Ok(self.addr_of(range.start))
    }

    /// `munmap`.
    ///
    /// # Errors
    /// - `EINVAL`: an address inside a page, length 0, or a range that leaves the memory.
    pub(crate) fn unmap(&mut self, addr: GuestAddr, len: u32) -> Result<(), Errno> {
        if len == 0 {
            return Err(Errno::EINVAL);
        }
        let range = self.whole_range(addr, len).ok_or(Errno::EINVAL)?;
        self.release(&range)
    }

    /// Returns every mapped piece of the range in order, and whether the pieces cover it.
    fn pieces(&self, range: &Pages) -> (Vec<Pages>, bool) {
        let mut next = range.start;
        let mut whole = range.start > 0 || range.is_empty();
        let mut pieces = Vec::new();
        // To a program nothing is mapped in page 0, even where the linker put data into it.
        let range = range.start.max(1)..range.end.max(1);
        next = next.max(range.start);
        for (piece, _) in self.regions.inside(&range) {
            whole &= piece.start == next;
            next = piece.end;
            pieces.push(piece);
        }
        (pieces, whole && next == range.end)
    }

    fn host(&self, pages: &Pages) -> (usize, usize) {
        let bytes = |n_pages: u32| n_pages as usize * PAGE_SIZE as usize;
        (
            self.memory.base() + bytes(pages.start),
            bytes(pages.end - pages.start),
        )
    }

    /// The address of a page below the end of the memory.
    fn addr_of(&self, page: u32) -> GuestAddr {
        GuestAddr(page * PAGE_SIZE)
    }

    /// The pages of a range that starts at a page's start and stays in the linear memory.
    fn whole_range(&self, addr: GuestAddr, len: u32) -> Option<Pages> {
        let start = page_of(addr)?;
        let end = start + len.div_ceil(PAGE_SIZE);
        (end <= SPACE_PAGES).then_some(start..end)
    }

    fn place(&mut self, request: &MapRequest, align: u32) -> Result<Pages, Errno> {
        let n_pages = request.len.div_ceil(PAGE_SIZE);
        let n_pages = n_pages.next_multiple_of(align);
        let no_replace = request.flags & libc::MAP_FIXED_NOREPLACE != 0;
        if request.flags & libc::MAP_FIXED != 0 || no_replace {
            return self.place_fixed(request.addr, n_pages, no_replace);
        }
        let hint = request.addr.0.div_ceil(PAGE_SIZE);
        let hinted = hint..hint.saturating_add(n_pages);
        if hint >= FIRST_PLACEABLE && hint.is_multiple_of(align) && self.free.holds(&hinted) {
            return Ok(hinted);
        }
        self.find_free(n_pages, align).ok_or(Errno::ENOMEM)
    }

    fn place_fixed(&self, addr: GuestAddr, n_pages: u32, new: bool) -> Result<Pages, Errno> {
        if n_pages > self.max || addr.0 / PAGE_SIZE > self.max - n_pages {
            return Err(Errno::ENOMEM);
        }
        let start = page_of(addr).ok_or(Errno::EINVAL)?;
        let range = start..start + n_pages;
        if start == 0 {
            return Err(Errno::EPERM);
        }
        if new && !self.regions.is_clear(&range) {
            return Err(Errno::EEXIST);
        }
        Ok(range)
    }

    /// Finds a free range. When nothing else is left, the break gives up its unused room.
    fn find_free(&mut self, n_pages: u32, align: u32) -> Option<Pages> {
        let start = match self.free.find(n_pages, align) {
            Some(start) => start,
            None => {
                self.give_up_break_room();
                self.free.find(n_pages, align)?
            }
        };
        Some(start..start + n_pages)
    }

    /// Whether mapping `range` keeps the guest within its `RLIMIT_AS`.
    fn check_limit(&self, range: &Pages) -> Result<(), Errno> {
        let replaced: u32 = self
            .regions
            .inside(range)
            .iter()
            .map(|(piece, _)| piece.end - piece.start)
            .sum();
        let after = self.n_mapped - replaced + (range.end - range.start);
        if u64::from(after) > self.limit {
            return Err(Errno::ENOMEM);
        }
        Ok(())
    }

    fn map_host(&mut self, range: &Pages, prot: i32, request: &MapRequest) -> Result<(), Errno> {
        // The engine places mappings. One that grows downwards would grow into others of the guest's.
        // Differs from Linux (mmap): MAP_GROWSDOWN makes an ordinary mapping.
        const OURS: i32 = libc::MAP_FIXED_NOREPLACE | mman::MAP_32BIT | libc::MAP_GROWSDOWN;
        let (at, len) = self.host(range);
        let flags = request.flags & !OURS;
        // SAFETY: the range lies in the reservation, which only guest mappings occupy.
        let mapped = unsafe { mman::map_over(at, len, prot, flags, request.fd, request.offset) };
        if let Err(errno) = mapped {
            self.mend_after_failure(range);
            return Err(errno);
        }
        Ok(())
    }

    /// Reserves `range` again if a failed `mmap` has unmapped what it was to replace.
    fn mend_after_failure(&mut self, range: &Pages) {
        let (at, len) = self.host(range);
        if self.regions.is_clear(range) || mman::sync(at, len, libc::MS_ASYNC).is_err() {
            // A failure to reserve leaves a hole that the next success of the same call closes.
            let _ = self.release(range);
        }
    }

    /// Maps fresh memory into `range`.
    fn map_anonymous(&mut self, range: Pages) -> Result<(), Errno> {
        if range.is_empty() {
            return Ok(());
        }
        let (at, len) = self.host(&range);
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: the range lies in the reservation, which only guest mappings occupy.
        unsafe { mman::map_over(at, len, READ_WRITE.prot, flags, -1, 0)? };
        self.note_mapped(range, READ_WRITE);
        Ok(())
    }

    /// Records that `range` is mapped now, in place of whatever was there.
    fn note_mapped(&mut self, range: Pages, attributes: Attributes) {
        self.forget(&range);
        self.free.take(&range);
        self.top = self.top.max(range.end);
        self.n_mapped += range.end - range.start;
        self.regions.insert(range, attributes);
    }

    /// Takes `range` away from the guest.
    fn release(&mut self, range: &Pages) -> Result<(), Errno> {
        if range.is_empty() {
            return Ok(());
        }
        let (at, len) = self.host(range);
        // SAFETY: the range lies in the reservation, which only guest mappings occupy.
        unsafe { mman::release(at, len)? };
        self.note_free(range);
        Ok(())
    }

    /// Records that nothing is mapped in `range` any more.
    fn note_free(&mut self, range: &Pages) {
        for piece in self.forget(range) {
            self.give_back(piece);
        }
    }

    /// Drops the records of what is mapped in `range`.
    fn forget(&mut self, range: &Pages) -> Vec<Pages> {
        let removed = self.regions.remove(range);
        let pieces: Vec<Pages> = removed.into_iter().map(|(piece, _)| piece).collect();
        self.n_mapped -= pieces
            .iter()
            .map(|piece| piece.end - piece.start)
            .sum::<u32>();
        pieces
    }
}

/// Pages in the 4 GiB that a guest can address.
const SPACE_PAGES: u32 = 1 << 20;

/// The page that starts at `addr`.
fn page_of(addr: GuestAddr) -> Option<u32> {
    addr.0
        .is_multiple_of(PAGE_SIZE)
        .then_some(addr.0 / PAGE_SIZE)
}

/// How many pages the kernel maps and unmaps together for `request`: those of a huge page, or one.
///
/// The kernel maps huge pages whole, even where the length ends inside one, and starts them at multiples of
/// their size.
fn pages_together(request: &MapRequest) -> Result<u32, Errno> {
    if request.flags & libc::MAP_ANONYMOUS == 0 {
        let bytes = crate::kernel::descriptor::huge_page_of(request.fd).unwrap_or_default();
        let pages = bytes / u64::from(PAGE_SIZE);
        return u32::try_from(pages.max(1))
            .ok()
            .filter(|&pages| pages <= SPACE_PAGES)
            .ok_or(Errno::ENOMEM);
    }
    match request.flags & libc::MAP_HUGETLB {
        0 => Ok(1),
        _ => huge_pages(request.flags),
    }
}

/// Pages in a huge page of the size that `flags` choose, 2 MiB by default.
fn huge_pages(flags: i32) -> Result<u32, Errno> {
    let log2_bytes = (flags.cast_unsigned() >> libc::MAP_HUGE_SHIFT) & 0x3f;
    let log2_pages = match log2_bytes {
        0 => 21 - PAGE_SIZE.trailing_zeros(),
        bytes => bytes
            .checked_sub(PAGE_SIZE.trailing_zeros())
            .ok_or(Errno::EINVAL)?,
    };
    1u32.checked_shl(log2_pages)
        .filter(|&pages| pages <= SPACE_PAGES)
        .ok_or(Errno::EINVAL)
}
