//! The linear memories that wasmtime asks for.
//!
//! Every prepared module has one memory of the full 4 GiB. Each instance, that is each thread, gets the process's
//! reservation for it, so they all share one memory; [`Mappings`](super::Mappings) alone decides what of it is
//! accessible. Anything else that wasmtime asks for is a heap for exceptions.

use wasmtime::{LinearMemory, MemoryCreator, MemoryType};

use super::reservation::{GUARD_BYTES, Reservation, SPACE_BYTES};
use crate::kernel::mman;

/// Creates the memories.
#[derive(Debug)]
pub(crate) struct Memories;

// SAFETY: both kinds of memory are page-aligned, keep their base, and are followed by the
// inaccessible bytes that wasmtime was told of.
unsafe impl MemoryCreator for Memories {
    fn new_memory(
        &self,
        _ty: MemoryType,
        minimum: usize,
        maximum: Option<usize>,
        reserved: Option<usize>,
        guard: usize,
    ) -> Result<Box<dyn LinearMemory>, String> {
        let refused = |errno| format!("reserving address space: {errno}");
        if minimum == SPACE_BYTES {
            debug_assert!(guard <= GUARD_BYTES);
            let reservation = Reservation::get_or_reserve().map_err(refused)?;
            return Ok(Box::new(GuestSpace {
                base: reservation.base(),
            }));
        }
        let capacity = reserved.or(maximum).unwrap_or(minimum).max(minimum);
        let base = mman::anonymous(capacity + guard, libc::PROT_NONE).map_err(refused)?;
        let mut heap = ExceptionHeap {
            base,
            size: 0,
            capacity,
            guard,
        };
        heap.grow_to(minimum).map_err(|error| error.to_string())?;
        Ok(Box::new(heap))
    }
}

/// The guest's memory as wasmtime sees it: all of it, all the time.
#[derive(Debug)]
struct GuestSpace {
    base: usize,
}

// SAFETY: the reservation is never given back, and its pages fault or belong to the guest.
unsafe impl LinearMemory for GuestSpace {
    fn byte_size(&self) -> usize {
        SPACE_BYTES
    }

    fn byte_capacity(&self) -> usize {
        SPACE_BYTES
    }

    fn grow_to(&mut self, _new_size: usize) -> wasmtime::Result<()> {
        Err(wasmtime::Error::msg("the memory has its full size"))
    }

    fn as_ptr(&self) -> *mut u8 {
        self.base as *mut u8
    }
}

/// A heap for exceptions in flight.
#[derive(Debug)]
struct ExceptionHeap {
    base: usize,
    size: usize,
    capacity: usize,
    guard: usize,
}

// SAFETY: the range was mapped for this heap alone and is unmapped when it is dropped.
unsafe impl LinearMemory for ExceptionHeap {
    fn byte_size(&self) -> usize {
        self.size
    }

    fn byte_capacity(&self) -> usize {
        self.capacity
    }

    fn grow_to(&mut self, new_size: usize) -> wasmtime::Result<()> {
        if new_size > self.capacity {
            return Err(wasmtime::Error::msg("no room for further exceptions"));
        }
        if new_size > self.size {
            let prot = libc::PROT_READ | libc::PROT_WRITE;
            let len = new_size.next_multiple_of(super::PAGE_SIZE as usize);
            // SAFETY: the range is this heap's own.
            unsafe { mman::protect(self.base, len.min(self.capacity), prot) }
                .map_err(|errno| wasmtime::Error::msg(errno.to_string()))?;
            self.size = new_size;
        }
        Ok(())
    }

    fn as_ptr(&self) -> *mut u8 {
        self.base as *mut u8
    }
}

impl Drop for ExceptionHeap {
    fn drop(&mut self) {
        // SAFETY: nobody uses the heap after its store.
        unsafe { mman::unmap(self.base, self.capacity + self.guard) };
    }
}
