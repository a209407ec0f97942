//! Calls that make memory larger, smaller, or move it: `mremap`, `brk`, `memory.grow`.

use super::ranges::{Attributes, Backing, Pages, overlap};
use super::{FIRST_PLACEABLE, Mappings, PAGES_PER_WASM_PAGE, READ_WRITE, page_of};
use crate::kernel::{Errno, mman};
use crate::memory::{GuestAddr, PAGE_SIZE};

/// The most room that is kept free for the break, in pages: 256 MiB.
const MOST_BREAK_ROOM: u32 = 1 << 16;

/// The program break and the room kept free behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Break {
    /// The first page of the heap.
    start: u32,
    /// The break, in bytes.
    current: u32,
    /// The end of the room that nothing else is placed in.
    room_end: u32,
}

impl Break {
    fn end_page(&self) -> u32 {
        self.current.div_ceil(PAGE_SIZE)
    }

    fn room(&self) -> Pages {
        self.start..self.room_end
    }
}

/// The arguments of `mremap`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RemapRequest {
    /// The mapping's address.
    pub addr: GuestAddr,
    /// Its length in bytes; 0 makes a second view of shared memory.
    pub old_len: u32,
    /// The length it is to have.
    pub new_len: u32,
    /// `MREMAP_*` bits.
    pub flags: i32,
    /// Where it is to go, with `MREMAP_FIXED`.
    pub new_addr: GuestAddr,
}

impl Mappings {
    /// Sets room for the break aside, behind everything used so far, unless that was done before.
    pub(super) fn ensure_break(&mut self) {
        if self.brk.is_some() {
            return;
        }
        let start = self.top.max(FIRST_PLACEABLE);
        let room = ((self.max - start.min(self.max)) / 8).min(MOST_BREAK_ROOM);
        let brk = Break {
            start,
            current: start.saturating_mul(PAGE_SIZE),
            room_end: start + room,
        };
        self.free.take(&brk.room());
        self.brk = Some(brk);
    }

    /// Lets the unused room behind the break be used by others.
    pub(super) fn give_up_break_room(&mut self) {
        let Some(brk) = &mut self.brk else { return };
        let unused = brk.end_page()..brk.room_end;
        brk.room_end = brk.end_page();
        for page_range in unmapped_parts(unused, |range| self.regions.inside(range)) {
            self.free.give(page_range);
        }
    }

    /// Makes unmapped pages available again, except for the break's and for those that null pointers reach.
    pub(super) fn give_back(&mut self, range: Pages) {
        let range = range.start.max(FIRST_PLACEABLE)..range.end.min(self.max);
        let room = self.brk.map_or(0..0, |brk| brk.room());
        let kept = overlap(&range, &room);
        if kept.is_empty() {
            self.free.give(range);
            return;
        }
        self.free.give(range.start..kept.start);
        self.free.give(kept.end..range.end);
    }

    /// `brk`: moves the break to `to` if there is room, and returns where it is then.
    pub(crate) fn set_break(&mut self, to: GuestAddr) -> GuestAddr {
        self.ensure_break();
        let Some(brk) = self.brk else {
            return GuestAddr::NULL;
        };
        match self.move_break(brk, to.0) {
            Ok(moved) => {
                self.brk = Some(moved);
                GuestAddr(moved.current)
            }
            Err(_) => GuestAddr(brk.current),
        }
    }

    fn move_break(&mut self, brk: Break, to: u32) -> Result<Break, Errno> {
        let old_end = brk.end_page();
        let new_end = to.div_ceil(PAGE_SIZE);
        if new_end < brk.start || to < brk.start.saturating_mul(PAGE_SIZE) {
            return Err(Errno::ENOMEM);
        }
        let mut moved = Break { current: to, ..brk };
        if new_end > old_end {
            let added = old_end..new_end;
            self.check_limit(&added)?;
            let outside = brk.room_end.max(added.start)..new_end;
            if !self.regions.is_clear(&added) || (!outside.is_empty() && !self.free.holds(&outside))
            {
                return Err(Errno::ENOMEM);
            }
            self.map_anonymous(added)?;
            moved.room_end = brk.room_end.max(new_end);
        } else {
            self.release(&(new_end..old_end))?;
        }
        Ok(moved)
    }

    /// `memory.grow`: adds `delta` Wasm pages behind all that was ever used, and returns the old size in Wasm
    /// pages.
    ///
    /// # Errors
    /// - `ENOMEM`: over the module's maximum or `RLIMIT_AS`.
    pub(crate) fn grow(&mut self, delta: u32) -> Result<u32, Errno> {
        let old = self.size();
        let room_end = self.brk.map_or(0, |brk| brk.room_end);
        let old = old.max(room_end.div_ceil(PAGES_PER_WASM_PAGE));
        let limit = self.max / PAGES_PER_WASM_PAGE;
        let new = old.checked_add(delta).filter(|&new| new <= limit);
        let new = new.ok_or(Errno::ENOMEM)?;
        if delta > 0 {
            let range = old * PAGES_PER_WASM_PAGE..new * PAGES_PER_WASM_PAGE;
            self.check_limit(&range)?;
            self.map_anonymous(range)?;
        }
        Ok(old)
    }

    /// `mremap`: returns where the mapping is now.
    ///
    /// # Errors
    /// - `EINVAL`: flags that do not go together, addresses inside a page, a new length of 0, an
    ///   old length of 0 for memory that is not shared, a target that overlaps the source.
    /// - `EFAULT`: the old range is not one mapping.
    /// - `ENOMEM`: no room, or `MREMAP_MAYMOVE` is missing and the place behind is taken.
    pub(crate) fn remap(&mut self, request: &RemapRequest) -> Result<GuestAddr, Errno> {
        const KNOWN: i32 = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED | libc::MREMAP_DONTUNMAP;
        let flags = request.flags;
        let has = |flag| flags & flag != 0;
        let may_move = has(libc::MREMAP_MAYMOVE);
        let keeps_old = has(libc::MREMAP_DONTUNMAP);
        if flags & !KNOWN != 0
            || (has(libc::MREMAP_FIXED) || keeps_old) && !may_move
            || keeps_old && request.old_len != request.new_len
            || request.new_len == 0
        {
            return Err(Errno::EINVAL);
        }
        let start = page_of(request.addr).ok_or(Errno::EINVAL)?;
        let old = start..start + request.old_len.div_ceil(PAGE_SIZE);
        let n_pages = request.new_len.div_ceil(PAGE_SIZE);
        let (region, attributes) = self.regions.find(start).ok_or(Errno::EFAULT)?;
        if attributes.unit > 1 {
            return self.remap_huge(request, &region, attributes);
        }
        let target = match has(libc::MREMAP_FIXED) {
            true => Some(self.fixed_target(request, &old, n_pages)?),
            false => None,
        };
        if old.is_empty() && attributes.backing != Backing::Shared {
            return Err(Errno::EINVAL);
        }
        if target.is_none() && !keeps_old && !old.is_empty() && n_pages <= old.end - old.start {
            self.release(&(start + n_pages..old.end))?;
            return Ok(request.addr);
        }
        if old.end > region.end {
            return Err(Errno::EFAULT);
        }
        let grown = start..start + n_pages;
        if target.is_none() && !keeps_old && self.grow_in_place(&old, &grown, attributes) {
            return Ok(request.addr);
        }
        if !may_move {
            return Err(Errno::ENOMEM);
        }
        let target = match target {
            Some(target) => target,
            None => self.find_free(n_pages, 1).ok_or(Errno::ENOMEM)?,
        };
        self.move_to(&old, &target, attributes, keeps_old)?;
        Ok(self.addr_of(target.start))
    }

    /// `mremap` of huge pages: they can be moved or become fewer, no more.
    fn remap_huge(
        &mut self,
        request: &RemapRequest,
        region: &Pages,
        attributes: Attributes,
    ) -> Result<GuestAddr, Errno> {
        let unit = attributes.unit;
        let whole = |bytes: u32| bytes.div_ceil(PAGE_SIZE).next_multiple_of(unit);
        let start = page_of(request.addr).ok_or(Errno::EINVAL)?;
        let (n_old, n_pages) = (whole(request.old_len), whole(request.new_len));
        let unit_bytes = u64::from(unit) * u64::from(PAGE_SIZE);
        let aligned = |addr: GuestAddr| u64::from(addr.0).is_multiple_of(unit_bytes);
        if !aligned(request.addr)
            || !aligned(request.new_addr)
            || n_pages > n_old
            || request.flags & libc::MREMAP_DONTUNMAP != 0
        {
            return Err(Errno::EINVAL);
        }
        let old = start..start.saturating_add(n_old);
        let target = match request.flags & libc::MREMAP_FIXED {
            0 => None,
            _ => Some(self.fixed_target(request, &old, n_pages)?),
        };
        if target.is_some() && old.end > region.end {
            return Err(Errno::EFAULT);
        }
        self.release(&(start + n_pages..old.end))?;
        let Some(target) = target else {
            return Ok(request.addr);
        };
        let kept = start..start + n_pages;
        self.move_pages(&kept, &target, attributes, MoveKind::Plain)?;
        self.release(&kept)?;
        Ok(self.addr_of(target.start))
    }

    fn fixed_target(
        &self,
        request: &RemapRequest,
        old: &Pages,
        n_pages: u32,
    ) -> Result<Pages, Errno> {
        let start = page_of(request.new_addr).ok_or(Errno::EINVAL)?;
        let target = start..start.saturating_add(n_pages);
        if start == 0 || target.end > self.max || !overlap(old, &target).is_empty() {
            return Err(Errno::EINVAL);
        }
        Ok(target)
    }

    /// Grows private anonymous memory into free pages right behind it.
    fn grow_in_place(&mut self, old: &Pages, grown: &Pages, attributes: Attributes) -> bool {
        let added = old.end..grown.end;
        let possible = attributes.backing == Backing::Anonymous
            && !old.is_empty()
            && self.free.holds(&added)
            && self.check_limit(&added).is_ok();
        possible && self.map_fresh(added, attributes).is_ok()
    }

    fn map_fresh(&mut self, range: Pages, attributes: Attributes) -> Result<(), Errno> {
        self.map_anonymous(range.clone())?;
        if attributes.prot != READ_WRITE.prot {
            let (at, len) = self.host(&range);
            // SAFETY: the range was mapped just now.
            unsafe { mman::protect(at, len, attributes.prot)? };
            self.regions.remove(&range);
            self.regions.insert(range, attributes);
        }
        Ok(())
    }

    fn move_to(
        &mut self,
        old: &Pages,
        target: &Pages,
        attributes: Attributes,
        keeps_old: bool,
    ) -> Result<(), Errno> {
        // What is moved counted before, so only its growth is added. What is kept at the old place as well is
        // added whole.
        let moved = if keeps_old { 0 } else { old.end - old.start };
        let n_added = (target.end - target.start).saturating_sub(moved);
        if u64::from(self.n_mapped) + u64::from(n_added) > self.limit {
            return Err(Errno::ENOMEM);
        }
        match attributes.backing {
            _ if keeps_old => return self.move_pages(old, target, attributes, MoveKind::KeepOld),
            Backing::Anonymous => self.move_anonymous(old, target, attributes)?,
            Backing::Shared => self.move_pages(old, target, attributes, MoveKind::SecondView)?,
            Backing::File => self.move_pages(old, target, attributes, MoveKind::Plain)?,
        }
        self.release(old)
    }

    /// Moves without ever leaving a hole at the old place, where another thread's allocation
    /// could fall into it.
    fn move_anonymous(
        &mut self,
        old: &Pages,
        target: &Pages,
        attributes: Attributes,
    ) -> Result<(), Errno> {
        let n_pages = (old.end - old.start).min(target.end - target.start);
        let from = old.start..old.start + n_pages;
        let to = target.start..target.start + n_pages;
        match self.move_pages(&from, &to, attributes, MoveKind::KeepOld) {
            // A kernel older than 5.7.
            Err(Errno::EINVAL) => self.move_pages(old, target, attributes, MoveKind::Plain),
            Err(errno) => Err(errno),
            Ok(()) if to.end == target.end => Ok(()),
            Ok(()) => self.map_fresh(to.end..target.end, attributes),
        }
    }

    fn move_pages(
        &mut self,
        old: &Pages,
        target: &Pages,
        attributes: Attributes,
        kind: MoveKind,
    ) -> Result<(), Errno> {
        let (from, old_len) = self.host(old);
        let (to, new_len) = self.host(target);
        let (old_len, flags) = match kind {
            MoveKind::Plain => (old_len, 0),
            MoveKind::KeepOld => (old_len, libc::MREMAP_DONTUNMAP),
            MoveKind::SecondView => (0, 0),
        };
        // SAFETY: both ranges lie in the reservation, which only guest mappings occupy.
        unsafe { mman::move_over(from, old_len, new_len, to, flags)? };
        self.note_mapped(target.clone(), attributes);
        Ok(())
    }
}

/// How the kernel is asked to move pages.
#[derive(Clone, Copy, Debug)]
enum MoveKind {
    /// The old place becomes a hole until it is reserved again.
    Plain,
    /// The old place stays mapped, without its pages.
    KeepOld,
    /// The same shared memory is mapped a second time.
    SecondView,
}

/// The parts of `range` between the mapped pieces that `inside` returns.
fn unmapped_parts(range: Pages, inside: impl Fn(&Pages) -> Vec<(Pages, Attributes)>) -> Vec<Pages> {
    let mut parts = Vec::new();
    let mut next = range.start;
    for (piece, _) in inside(&range) {
        parts.push(next..piece.start);
        next = piece.end;
    }
    parts.push(next..range.end);
    parts.retain(|part| !part.is_empty());
    parts
}
