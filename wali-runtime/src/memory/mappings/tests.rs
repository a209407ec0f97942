//! The rules of `mmap` and its family, each on a memory of its own.

use super::*;

const ANONYMOUS: i32 = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
const RW: i32 = libc::PROT_READ | libc::PROT_WRITE;

/// A memory of 2 Wasm pages that may become `max`.
fn memory(max: u32) -> Mappings {
    let len = super::super::reservation::SPACE_BYTES;
    let base = mman::reserve_aligned(len, 1 << 21).expect("room for another reservation");
    Mappings::new(GuestMemory::at(base), 2, max).expect("two pages")
}

fn anonymous(addr: u32, len: u32, flags: i32) -> MapRequest {
    MapRequest {
        addr: GuestAddr(addr),
        len,
        prot: RW,
        flags: ANONYMOUS | flags,
        fd: -1,
        offset: 0,
    }
}

fn map(mappings: &mut Mappings, len: u32) -> GuestAddr {
    mappings.map(&anonymous(0, len, 0)).expect("room")
}

fn grow_flags(flags: i32, addr: GuestAddr, old_len: u32, new_len: u32) -> RemapRequest {
    RemapRequest {
        addr,
        old_len,
        new_len,
        flags,
        new_addr: GuestAddr::NULL,
    }
}

#[test]
fn freed_ranges_are_used_again() {
    let mut mappings = memory(1 << 16);
    let first = map(&mut mappings, 100 * PAGE_SIZE);
    let second = map(&mut mappings, 100 * PAGE_SIZE);
    let size = mappings.size();
    for _ in 0..1000 {
        mappings.unmap(first, 100 * PAGE_SIZE).expect("mapped");
        let low = map(&mut mappings, 60 * PAGE_SIZE);
        let high = map(&mut mappings, 40 * PAGE_SIZE);
        assert_eq!((low, high.0), (first, first.0 + 60 * PAGE_SIZE));
    }
    assert_ne!(first, second);
    assert_eq!(mappings.size(), size);
}

#[test]
fn errors_come_in_the_kernels_order() {
    let mut mappings = memory(64);
    let mut check = |request: MapRequest, expected: Errno| {
        assert_eq!(mappings.map(&request), Err(expected), "{request:?}");
    };
    let file = MapRequest {
        flags: libc::MAP_PRIVATE,
        ..anonymous(0, 0, 0)
    };
    check(MapRequest { offset: 1, ..file }, Errno::EINVAL);
    check(file, Errno::EBADF);
    check(anonymous(0, 0, 0), Errno::EINVAL);
    check(anonymous(0, u32::MAX, 0), Errno::ENOMEM);
    check(anonymous(1, 1, libc::MAP_FIXED), Errno::EINVAL);
    check(anonymous(0, 1, libc::MAP_FIXED), Errno::EPERM);
    check(anonymous(0xffff_f000, 4097, libc::MAP_FIXED), Errno::ENOMEM);
    check(
        anonymous(0x10000, 1, libc::MAP_FIXED_NOREPLACE),
        Errno::EEXIST,
    );
    check(
        MapRequest {
            flags: libc::MAP_ANONYMOUS,
            ..anonymous(0, 1, 0)
        },
        Errno::EINVAL,
    );
}

#[test]
fn a_hint_is_followed_only_into_free_memory() {
    let mut mappings = memory(1 << 12);
    let hint = 0x0800_0000;
    let at = mappings.map(&anonymous(hint, 4096, 0));
    assert_eq!(at, Ok(GuestAddr(hint)));
    let elsewhere = mappings.map(&anonymous(hint, 4096, 0)).expect("room");
    assert_ne!(elsewhere.0, hint);
    let replaced = mappings.map(&anonymous(hint, 8192, libc::MAP_FIXED));
    assert_eq!(replaced, Ok(GuestAddr(hint)));
}

#[test]
fn a_hole_stops_mprotect_but_not_munmap() {
    let mut mappings = memory(1 << 12);
    let at = map(&mut mappings, 3 * PAGE_SIZE);
    let middle = GuestAddr(at.0 + PAGE_SIZE);
    mappings.unmap(middle, 1).expect("mapped");
    let all = 3 * PAGE_SIZE;
    assert_eq!(
        mappings.protect(at, all, libc::PROT_READ),
        Err(Errno::ENOMEM)
    );
    assert_eq!(mappings.protect(middle, 0, libc::PROT_READ), Ok(()));
    let refused = mappings.protect(at, PAGE_SIZE, 0x40);
    assert_eq!(refused, Err(Errno::EINVAL));
    let advised = mappings.advise(at, all, libc::MADV_DONTNEED);
    assert_eq!(advised, Err(Errno::ENOMEM));
    assert_eq!(mappings.advise(at, all, 12345), Err(Errno::EINVAL));
    let pieces = mappings.mapped_pieces(at, all).expect("in the memory");
    assert_eq!(pieces.sync(libc::MS_SYNC), Err(Errno::ENOMEM));
    assert_eq!(pieces.resident(), Err(Errno::ENOMEM));
    assert_eq!(mappings.unmap(at, all), Ok(()));
    assert_eq!(mappings.unmap(at, 0), Err(Errno::EINVAL));
    assert_eq!(mappings.unmap(GuestAddr(at.0 + 1), 1), Err(Errno::EINVAL));
}

#[test]
fn mremap_grows_in_place_or_moves_with_the_data() {
    let mut mappings = memory(1 << 12);
    let at = map(&mut mappings, PAGE_SIZE);
    let host = mappings.memory.base() + at.0 as usize;
    // SAFETY: the page was mapped for reading and writing.
    unsafe { *(host as *mut u8) = 42 };
    let grown = mappings.remap(&grow_flags(0, at, PAGE_SIZE, 4 * PAGE_SIZE));
    assert_eq!(grown, Ok(at));
    let behind = GuestAddr(at.0 + 4 * PAGE_SIZE);
    let blocked = anonymous(behind.0, PAGE_SIZE, libc::MAP_FIXED);
    mappings.map(&blocked).expect("free");
    let stuck = mappings.remap(&grow_flags(0, at, 4 * PAGE_SIZE, 8 * PAGE_SIZE));
    assert_eq!(stuck, Err(Errno::ENOMEM));
    let may_move = grow_flags(libc::MREMAP_MAYMOVE, at, 4 * PAGE_SIZE, 8 * PAGE_SIZE);
    let moved = mappings.remap(&may_move).expect("room");
    assert_ne!(moved, at);
    let host = mappings.memory.base() + moved.0 as usize;
    // SAFETY: the mapping was moved here; its last page is new.
    let bytes = unsafe { (*(host as *const u8), *((host + 8 * 4096 - 1) as *const u8)) };
    assert_eq!(bytes, (42, 0));
    assert!(mappings.regions.find(at.0 / PAGE_SIZE).is_none());
    let shrunk = mappings.remap(&grow_flags(0, moved, 8 * PAGE_SIZE, PAGE_SIZE));
    assert_eq!(shrunk, Ok(moved));
    assert_eq!(mappings.n_mapped, 32 + 1 + 1);
}

#[test]
fn mremap_refuses_what_the_kernel_refuses() {
    let mut mappings = memory(1 << 12);
    let at = map(&mut mappings, PAGE_SIZE);
    let fixed = libc::MREMAP_FIXED;
    let may_move = libc::MREMAP_MAYMOVE;
    let cases = [
        (grow_flags(0x80, at, 1, 1), Errno::EINVAL),
        (grow_flags(fixed, at, 1, 1), Errno::EINVAL),
        (
            grow_flags(libc::MREMAP_DONTUNMAP | may_move, at, 4096, 8192),
            Errno::EINVAL,
        ),
        (grow_flags(0, at, 4096, 0), Errno::EINVAL),
        (grow_flags(0, GuestAddr(at.0 + 1), 1, 1), Errno::EINVAL),
        (grow_flags(may_move, at, 0, 4096), Errno::EINVAL),
        (grow_flags(may_move, at, 8192, 12288), Errno::EFAULT),
        (grow_flags(0, GuestAddr(0xf000_0000), 1, 1), Errno::EFAULT),
    ];
    for (request, expected) in cases {
        assert_eq!(mappings.remap(&request), Err(expected), "{request:?}");
    }
}

#[test]
fn a_second_view_of_shared_memory_shows_the_same_bytes() {
    let mut mappings = memory(1 << 12);
    let shared = MapRequest {
        flags: libc::MAP_SHARED | libc::MAP_ANONYMOUS,
        ..anonymous(0, PAGE_SIZE, 0)
    };
    let at = mappings.map(&shared).expect("room");
    let view = mappings.remap(&grow_flags(libc::MREMAP_MAYMOVE, at, 0, PAGE_SIZE));
    let view = view.expect("room");
    let byte = |addr: GuestAddr| (mappings.memory.base() + addr.0 as usize) as *mut u8;
    // SAFETY: both addresses are mapped for reading and writing.
    let seen = unsafe {
        byte(at).write_volatile(7);
        byte(view).read_volatile()
    };
    assert_eq!(seen, 7);
    assert_ne!(at, view);
}

#[test]
fn the_break_moves_both_ways_and_keeps_its_room() {
    let mut mappings = memory(1 << 12);
    let start = mappings.set_break(GuestAddr::NULL);
    let other = map(&mut mappings, PAGE_SIZE);
    assert!(other.0 > start.0 + (1 << 20));
    let up = GuestAddr(start.0 + 100_000);
    assert_eq!(mappings.set_break(up), up);
    assert_eq!(mappings.set_break(GuestAddr(start.0 - 1)), up);
    assert_eq!(mappings.set_break(GuestAddr(u32::MAX)), up);
    assert_eq!(mappings.set_break(start), start);
    assert_eq!(mappings.n_mapped, 32 + 1);
}

#[test]
fn memory_grow_and_mmap_share_one_space() {
    let mut mappings = memory(16);
    assert_eq!(mappings.grow(1), Ok(2));
    assert_eq!(mappings.grow(0), Ok(3));
    let at = map(&mut mappings, PAGE_SIZE);
    assert!(at.0 >= 3 * WASM_PAGE_SIZE);
    let old = mappings.grow(1).expect("room");
    assert!(old * WASM_PAGE_SIZE > at.0);
    assert_eq!(mappings.grow(16), Err(Errno::ENOMEM));
    assert_eq!(mappings.size(), old + 1);
}

#[test]
fn the_address_space_limit_holds_for_every_way_to_grow() {
    let mut mappings = memory(1 << 12);
    mappings.set_limit(Some(u64::from(2 * WASM_PAGE_SIZE + PAGE_SIZE)));
    let at = map(&mut mappings, PAGE_SIZE);
    assert_eq!(mappings.map(&anonymous(0, 1, 0)), Err(Errno::ENOMEM));
    let replace = mappings.map(&anonymous(at.0, PAGE_SIZE, libc::MAP_FIXED));
    assert_eq!(replace, Ok(at));
    assert_eq!(mappings.grow(1), Err(Errno::ENOMEM));
    let grow = grow_flags(libc::MREMAP_MAYMOVE, at, PAGE_SIZE, 2 * PAGE_SIZE);
    assert_eq!(mappings.remap(&grow), Err(Errno::ENOMEM));
    let brk = mappings.set_break(GuestAddr::NULL);
    assert_eq!(mappings.set_break(GuestAddr(brk.0 + 1)), brk);
}

#[test]
fn a_full_memory_gives_up_the_room_of_the_break() {
    let mut mappings = memory(16);
    map(&mut mappings, PAGE_SIZE);
    let mut n_mapped = 1;
    while mappings.map(&anonymous(0, PAGE_SIZE, 0)).is_ok() {
        n_mapped += 1;
    }
    assert_eq!(n_mapped, 14 * 16);
}

#[test]
fn page_0_counts_as_unmapped() {
    let mut mappings = memory(64);
    let (null, second) = (GuestAddr::NULL, GuestAddr(PAGE_SIZE));
    assert_eq!(mappings.protect(null, PAGE_SIZE, RW), Err(Errno::ENOMEM));
    assert_eq!(mappings.protect(null, PAGE_SIZE, libc::PROT_NONE), Ok(()));
    assert_eq!(mappings.protect(second, PAGE_SIZE, RW), Ok(()));
    let whole = |addr, len| {
        let pieces = mappings.mapped_pieces(addr, len).expect("in the memory");
        pieces.is_whole()
    };
    assert!(!whole(null, PAGE_SIZE) && !whole(null, 2 * PAGE_SIZE));
    assert!(whole(null, 0) && whole(second, PAGE_SIZE));
}
