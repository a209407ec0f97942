//! System V shared memory: segments attached in the linear memory.

use super::ranges::{Attributes, Backing, Pages};
use super::{FIRST_PLACEABLE, Mappings, page_of};
use crate::Errno;
use crate::guest::{GuestAddr, PAGE_SIZE};
use crate::host::mman;

impl Mappings {
    /// `shmat`: attaches segment `id` of `size_bytes` bytes and answers where.
    ///
    /// # Errors
    /// - `EINVAL`: an address inside a page without `SHM_RND`, a range that is not free without
    ///   `SHM_REMAP`, `SHM_REMAP` without an address.
    /// - `ENOMEM`: no room, or over `RLIMIT_AS`.
    /// - the kernel's.
    pub fn attach(
        &mut self,
        id: i32,
        size_bytes: u64,
        addr: GuestAddr,
        flags: i32,
    ) -> Result<GuestAddr, Errno> {
        let n_pages = size_bytes.div_ceil(u64::from(PAGE_SIZE));
        let n_pages = u32::try_from(n_pages).map_err(|_| Errno::ENOMEM)?;
        self.ensure_break();
        let range = self.place_segment(n_pages, addr, flags)?;
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
        let backing = Backing::Shared;
        self.note_mapped(range.clone(), Attributes { prot, backing });
        self.segments.insert(range.start, range.end);
        Ok(self.addr_of(range.start))
    }

    /// `shmdt`: detaches the segment that was attached at `addr`.
    ///
    /// # Errors
    /// - `EINVAL`: none was.
    pub fn detach(&mut self, addr: GuestAddr) -> Result<(), Errno> {
        let start = page_of(addr).ok_or(Errno::EINVAL)?;
        let end = self.segments.remove(&start).ok_or(Errno::EINVAL)?;
        let mut found = false;
        for (piece, attributes) in self.regions.inside(&(start..end)) {
            // The guest may have unmapped parts of it and put something else there.
            if attributes.backing == Backing::Shared {
                self.release(&piece)?;
                found = true;
            }
        }
        if found { Ok(()) } else { Err(Errno::EINVAL) }
    }

    fn place_segment(&mut self, n_pages: u32, addr: GuestAddr, flags: i32) -> Result<Pages, Errno> {
        let remap = flags & libc::SHM_REMAP != 0;
        if addr.is_null() {
            return match remap {
                true => Err(Errno::EINVAL),
                false => self.find_free(n_pages, 1).ok_or(Errno::ENOMEM),
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
