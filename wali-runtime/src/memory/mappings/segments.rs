//! System V shared memory: segments attached in the linear memory.

use super::ranges::{Attributes, Backing, Pages};
use super::{FIRST_PLACEABLE, Mappings, page_of};
use crate::kernel::{Errno, mman};
use crate::memory::{GuestAddr, PAGE_SIZE};

/// Pages in a huge page of a segment.
const HUGE_PAGE: u32 = 512;

fn starts_huge_page(page: u32) -> bool {
    page.is_multiple_of(HUGE_PAGE)
}

impl Mappings {
    /// `shmat`: attaches segment `id` of `size_bytes` bytes and returns where.
    ///
    /// # Errors
    /// - `EINVAL`: an address inside a page without `SHM_RND`, a range that is not free without
    ///   `SHM_REMAP`, `SHM_REMAP` without an address.
    /// - `ENOMEM`: no room, or over `RLIMIT_AS`.
    /// - Other errors are the kernel's.
    pub(crate) fn attach(
        &mut self,
        id: i32,
        size_bytes: u64,
        addr: GuestAddr,
        flags: i32,
    ) -> Result<GuestAddr, Errno> {
        let n_pages = size_bytes.div_ceil(u64::from(PAGE_SIZE));
        let n_pages = u32::try_from(n_pages).map_err(|_| Errno::ENOMEM)?;
        self.ensure_break();
        let could_be_huge = !addr.is_null() && page_of(addr).is_some_and(starts_huge_page);
        if !could_be_huge || !self.is_huge(id, n_pages) {
            match self.attach_pages(id, n_pages, 1, addr, flags) {
                // The kernel refuses huge pages at this place, which is no multiple of their size.
                Err(Errno::EINVAL) if addr.is_null() => {}
                done => return done,
            }
        }
        // Differs from Linux (shmat): segments of huge pages larger than 2 MiB are not attached.
        let n_pages = n_pages.checked_next_multiple_of(HUGE_PAGE);
        let n_pages = n_pages.ok_or(Errno::ENOMEM)?;
        self.attach_pages(id, n_pages, HUGE_PAGE, addr, flags)
    }

    fn attach_pages(
        &mut self,
        id: i32,
        n_pages: u32,
        unit: u32,
        addr: GuestAddr,
        flags: i32,
    ) -> Result<GuestAddr, Errno> {
        let range = self.place_segment(n_pages, unit, addr, flags)?;
        self.check_limit(&range)?;
        let (at, _) = self.host(&range);
        let kept = flags & !(libc::SHM_RND | libc::SHM_EXEC);
        // SAFETY: the range lies in the reservation, which only guest mappings occupy.
        if let Err(errno) = unsafe { mman::attach_over(id, at, kept) } {
            self.mend_after_failure(&range);
            return Err(errno);
        }
        let prot = match flags & libc::SHM_RDONLY {
            0 => libc::PROT_READ | libc::PROT_WRITE,
            _ => libc::PROT_READ,
        };
        let attributes = Attributes {
            prot,
            backing: Backing::Shared,
            unit,
        };
        self.note_mapped(range.clone(), attributes);
        self.segments.insert(range.start, range.end);
        Ok(self.addr_of(range.start))
    }

    /// Whether segment `id` consists of huge pages. Nothing tells but an attempt: the kernel refuses such a
    /// segment at a page where no huge page can start.
    fn is_huge(&mut self, id: i32, n_pages: u32) -> bool {
        let Some(range) = self.find_odd(n_pages) else {
            return false;
        };
        let (at, _) = self.host(&range);
        // SAFETY: the range lies in the reservation and is free.
        let attached = unsafe { mman::attach_over(id, at, libc::SHM_RDONLY) };
        // Detaches it again. A failure to reserve leaves a hole that the next success closes.
        let _ = self.release(&range);
        attached == Err(Errno::EINVAL)
    }

    /// A free range that does not start where a huge page can, if there is one.
    fn find_odd(&mut self, n_pages: u32) -> Option<Pages> {
        let range = self.find_free(n_pages, 1)?;
        if !starts_huge_page(range.start) {
            return Some(range);
        }
        let more = self.find_free(n_pages.checked_add(1)?, 1);
        more.map_or(Some(range), |more| Some(more.end - n_pages..more.end))
    }

    /// `shmdt`: detaches the segment that was attached at `addr`.
    ///
    /// # Errors
    /// - `EINVAL`: none was.
    pub(crate) fn detach(&mut self, addr: GuestAddr) -> Result<(), Errno> {
        let start = page_of(addr).ok_or(Errno::EINVAL)?;
        let end = self.segments.remove(&start).ok_or(Errno::EINVAL)?;
        let mut found = false;
        for (piece, attributes) in self.regions.inside(&(start..end)) {
            // The guest may have unmapped parts of it and mapped something else there.
            if attributes.backing == Backing::Shared {
                self.release(&piece)?;
                found = true;
            }
        }
        if found { Ok(()) } else { Err(Errno::EINVAL) }
    }

    fn place_segment(
        &mut self,
        n_pages: u32,
        unit: u32,
        addr: GuestAddr,
        flags: i32,
    ) -> Result<Pages, Errno> {
        let remap = flags & libc::SHM_REMAP != 0;
        if addr.is_null() {
            return match remap {
                true => Err(Errno::EINVAL),
                false if unit == 1 => self.find_odd(n_pages).ok_or(Errno::ENOMEM),
                false => self.find_free(n_pages, unit).ok_or(Errno::ENOMEM),
            };
        }
        if !addr.0.is_multiple_of(PAGE_SIZE) && flags & libc::SHM_RND == 0 {
            return Err(Errno::EINVAL);
        }
        let start = addr.0 / PAGE_SIZE;
        if start < FIRST_PLACEABLE || n_pages > self.max || start > self.max - n_pages {
            return Err(Errno::EINVAL);
        }
        let range = start..start + n_pages;
        if !remap && !self.regions.is_clear(&range) {
            return Err(Errno::EINVAL);
        }
        Ok(range)
    }
}
