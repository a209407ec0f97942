//! Structures that the host's instruction set lays out in another way than programs see them: they
//! are translated on their way to and from the kernel, by the spec (`wali-abi/spec/isa.toml`).
//!
//! The generated table calls these functions where the host needs it. On x86-64, whose layouts
//! programs see, they are the kernel's calls alone.

use wali_abi::{Isa, IsaStruct, isa};

use crate::calls::gate::kernel;
use crate::kernel::Errno;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::GuestAddr;
use crate::program::{Cx, SysResult};

/// An address at which no process has anything.
const NOWHERE: u32 = 8;

/// This many structures at once are enough: calls that fill an array may fill less than all of it.
const MOST: usize = 1024;

/// The argument of a call that is the address of structures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The argument's index.
    pub(super) word: usize,
    /// The structure's tag.
    pub(super) tag: &'static str,
    /// Where the program has it.
    pub(super) at: GuestAddr,
}

impl Place {
    /// The same with this address.
    pub(super) const fn at(self, at: GuestAddr) -> Place {
        Place { at, ..self }
    }
}

/// Makes a call in which the kernel reads the structure at `place`.
///
/// # Errors
/// - `EFAULT`: the kernel looked for the structure, and it cannot be read.
/// - Other errors are the kernel's.
pub(super) fn kernel_reading(
    cx: &mut Cx<'_>,
    number: libc::c_long,
    words: &[Word<'_>],
    place: Place,
) -> SysResult {
    let memory = cx.data().memory;
    let Some(structure) =
        isa::structure(crate::kernel::ISA, place.tag).filter(|_| !place.at.is_null())
    else {
        return with_word(cx, number, words, place, HostPtr::guest(memory, place.at));
    };
    let mut program = vec![0; structure.size_bytes(Isa::X86_64)];
    // Whether it looks there, and when, is the kernel's business.
    if memory.read_bytes(place.at, &mut program).is_err() {
        return with_word(cx, number, words, place, HostPtr::number(NOWHERE));
    }
    let mut own = vec![0; structure.size_bytes(crate::kernel::ISA)];
    structure.to_kernel(crate::kernel::ISA, &program, &mut own);
    with_word(cx, number, words, place, HostPtr::input(own.as_slice()))
}

/// Makes a call that fills the structure at `place` when it succeeds.
///
/// # Errors
/// - `EFAULT`: the structure cannot be written.
/// - Other errors are the kernel's.
pub(super) fn kernel_filling(
    cx: &mut Cx<'_>,
    number: libc::c_long,
    words: &[Word<'_>],
    place: Place,
) -> SysResult {
    filling(cx, number, words, place, 1, |_| 1)
}

/// Makes a call that fills structures at `place` and returns their number, which is at most what its
/// argument with the index `count` says.
///
/// # Errors
/// - `EFAULT`: the structures cannot be written.
/// - Other errors are the kernel's.
pub(super) fn kernel_filling_many(
    cx: &mut Cx<'_>,
    number: libc::c_long,
    words: &[Word<'_>],
    place: Place,
    count: usize,
) -> SysResult {
    let Some(structure) = isa::structure(crate::kernel::ISA, place.tag) else {
        let address = HostPtr::guest(cx.data().memory, place.at);
        return with_word(cx, number, words, place, address);
    };
    let asked = words[count].value();
    let mut capped = [Word::ZERO; 6];
    capped[..words.len()].copy_from_slice(words);
    if let Some(n_structures) = capacity(structure, asked) {
        capped[count] = (n_structures as u64).into();
        let n_filled = |result: i64| usize::try_from(result).unwrap_or(0).min(n_structures);
        return filling(cx, number, &capped, place, n_structures, n_filled);
    }
    // A number that the kernel refuses.
    with_word(cx, number, &capped, place, HostPtr::NULL)
}

/// How many structures to make room for where a program asks for `asked`, if that is a number that
/// x86-64's kernel takes.
fn capacity(structure: &IsaStruct, asked: i64) -> Option<usize> {
    let most = i32::MAX as usize / structure.size_bytes(Isa::X86_64);
    let asked = usize::try_from(asked).ok()?;
    (1..=most).contains(&asked).then_some(asked.min(MOST))
}

/// Makes a call that fills the first of `n_structures`; `n_filled` reads from its result how many.
fn filling(
    cx: &mut Cx<'_>,
    number: libc::c_long,
    words: &[Word<'_>],
    place: Place,
    n_structures: usize,
    n_filled: impl Fn(i64) -> usize,
) -> SysResult {
    let memory = cx.data().memory;
    let Some(structure) = isa::structure(crate::kernel::ISA, place.tag) else {
        return with_word(cx, number, words, place, HostPtr::guest(memory, place.at));
    };
    let mut own = vec![0; structure.size_bytes(crate::kernel::ISA) * n_structures];
    let buffer = HostPtr::output(own.as_mut_slice());
    let result = with_word(cx, number, words, place, buffer)?;
    let seen = as_seen(structure, crate::kernel::ISA, &own, n_filled(result));
    memory.write_bytes(place.at, &seen)?;
    Ok(result)
}

/// The first `n_structures` of those in `own`, which has the layout of `isa`, as programs see them.
fn as_seen(structure: &IsaStruct, isa: Isa, own: &[u8], n_structures: usize) -> Vec<u8> {
    let size = structure.size_bytes(Isa::X86_64);
    let mut seen = vec![0; size * n_structures];
    let pairs = own
        .chunks_exact(structure.size_bytes(isa))
        .zip(seen.chunks_exact_mut(size));
    for (own, seen) in pairs {
        structure.to_program(isa, own, seen);
    }
    seen
}

/// Makes a call with `address` in its place.
fn with_word(
    cx: &mut Cx<'_>,
    number: libc::c_long,
    words: &[Word<'_>],
    place: Place,
    address: HostPtr<'_>,
) -> SysResult {
    let mut all = [Word::ZERO; 6];
    all.get_mut(..words.len())
        .ok_or(Errno::EINVAL)?
        .copy_from_slice(words);
    all[place.word] = address.into();
    kernel(cx, number, &all)
}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use super::*;

    #[test]
    fn events_are_translated_one_after_another() {
        for isa in [Isa::Aarch64, Isa::Riscv64] {
            let events = isa::structure(isa, "epoll_event").expect("it differs");
            let mut own = [0xee_u8; 48];
            for n in 0..3 {
                own[n * 16..n * 16 + 4].copy_from_slice(&(n as u32 + 1).to_le_bytes());
                own[n * 16 + 8..n * 16 + 16].copy_from_slice(&(n as u64 + 7).to_le_bytes());
            }
            let seen = as_seen(events, isa, &own, 2);
            let mut expected = Vec::new();
            for n in 0..2_u8 {
                expected.extend([n + 1, 0, 0, 0, n + 7, 0, 0, 0, 0, 0, 0, 0]);
            }
            assert_eq!(seen, expected, "{isa:?}");
        }
    }

    #[test]
    fn room_is_made_for_what_the_kernel_takes() {
        let events = isa::structure(Isa::Aarch64, "epoll_event").expect("it differs");
        let cases = [
            (-1, None),
            (0, None),
            (1, Some(1)),
            (5000, Some(MOST)),
            (i64::from(i32::MAX) / 12, Some(MOST)),
            (i64::from(i32::MAX) / 12 + 1, None),
        ];
        for (asked, expected) in cases {
            assert_eq!(capacity(events, asked), expected, "{asked}");
        }
    }

    /// The host's own structures are those that the spec has in the host's column.
    #[test]
    fn the_specs_layouts_are_the_hosts() {
        let field = |tag: &str, name: &str| {
            let structure = wali_abi::ISA_STRUCTS.iter().find(|known| known.name == tag);
            let structure = structure.expect(tag);
            let field = structure.fields.iter().find(|known| known.name == name);
            field.expect(name).places[crate::kernel::ISA as usize][0] as usize
        };
        let fields = [
            (
                "semid_ds",
                "sem_ctime",
                offset_of!(libc::semid_ds, sem_ctime),
            ),
            (
                "semid_ds",
                "sem_nsems",
                offset_of!(libc::semid_ds, sem_nsems),
            ),
            ("stat", "st_mode", offset_of!(libc::stat, st_mode)),
            ("stat", "st_nlink", offset_of!(libc::stat, st_nlink)),
            ("stat", "st_blksize", offset_of!(libc::stat, st_blksize)),
            ("epoll_event", "data", offset_of!(libc::epoll_event, u64)),
        ];
        for (tag, name, expected) in fields {
            assert_eq!(field(tag, name), expected, "{tag}.{name}");
        }
    }
}
