//! Translation between what programs see, which is x86-64's, and what the kernel of another
//! instruction set wants.

use crate::{ISA_STRUCTS, Isa, IsaStruct, OPEN_FLAGS};

/// The flags of an open file as the kernel of `isa` knows them.
pub fn open_flags_to(isa: Isa, flags: u32) -> u32 {
    exchange(flags, Isa::X86_64, isa)
}

/// The flags of an open file as programs know them, from those of `isa`.
pub fn open_flags_from(isa: Isa, flags: u32) -> u32 {
    exchange(flags, isa, Isa::X86_64)
}

fn exchange(flags: u32, from: Isa, to: Isa) -> u32 {
    if from == to {
        return flags;
    }
    let differing = |isa: Isa| {
        OPEN_FLAGS
            .iter()
            .fold(0, |all, flag| all | flag.values[isa as usize])
    };
    let mut out = flags & !(differing(from) | differing(to));
    for flag in OPEN_FLAGS {
        if flags & flag.values[from as usize] != 0 {
            out |= flag.values[to as usize];
        }
    }
    out
}

/// The structure of this tag, when the layout of `isa` differs from what programs see.
pub fn structure(isa: Isa, name: &str) -> Option<&'static IsaStruct> {
    if isa == Isa::X86_64 {
        return None;
    }
    ISA_STRUCTS.iter().find(|structure| structure.name == name)
}

impl IsaStruct {
    /// The structure's size on `isa`, in bytes.
    pub const fn size_bytes(&self, isa: Isa) -> usize {
        self.sizes_bytes[isa as usize] as usize
    }

    /// Writes the structure `from`, which has the layout of `isa`, into `to` as programs see it. Bytes
    /// that belong to no field become 0.
    pub fn to_program(&self, isa: Isa, from: &[u8], to: &mut [u8]) {
        self.copy(isa, from, Isa::X86_64, to);
    }

    /// Writes the structure `from` of a program into `to` in the layout of `isa`.
    pub fn to_kernel(&self, isa: Isa, from: &[u8], to: &mut [u8]) {
        self.copy(Isa::X86_64, from, isa, to);
    }

    /// Copies field by field; numbers that are wider on the other side are filled up with zeros.
    fn copy(&self, from_isa: Isa, from: &[u8], to_isa: Isa, to: &mut [u8]) {
        to.fill(0);
        for field in self.fields {
            let [source, source_len] = field.places[from_isa as usize].map(|n| n as usize);
            let [target, target_len] = field.places[to_isa as usize].map(|n| n as usize);
            let len = source_len.min(target_len);
            let (Some(source), Some(target)) = (
                from.get(source..source + len),
                to.get_mut(target..target + len),
            ) else {
                continue;
            };
            target.copy_from_slice(source);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SYSCALLS, Serve, ViaArg, layout, syscall};

    #[test]
    fn flags_are_exchanged_and_back() {
        // O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC|O_RDWR
        let seen = 0o200000 | 0o400000 | 0o2000000 | 2;
        assert_eq!(
            open_flags_to(Isa::Aarch64, seen),
            0o40000 | 0o100000 | 0o2000000 | 2
        );
        assert_eq!(open_flags_to(Isa::Riscv64, seen), seen);
        // O_DIRECT and O_DIRECTORY are each other's bits there.
        assert_eq!(open_flags_to(Isa::Aarch64, 0o40000), 0o200000);
        for isa in Isa::ALL {
            for bit in 0..32 {
                let flags = 1 << bit;
                assert_eq!(
                    open_flags_from(isa, open_flags_to(isa, flags)),
                    flags,
                    "{isa:?} {bit}"
                );
            }
        }
    }

    #[test]
    fn structures_are_translated_field_by_field() {
        let stat = structure(Isa::Aarch64, "stat").expect("it differs");
        assert_eq!(structure(Isa::X86_64, "stat"), None);
        let mut kernel = [0xee_u8; 128];
        kernel[16..20].copy_from_slice(&0o100644_u32.to_le_bytes());
        kernel[20..24].copy_from_slice(&2_u32.to_le_bytes());
        kernel[48..56].copy_from_slice(&(1_u64 << 40).to_le_bytes());
        kernel[56..60].copy_from_slice(&4096_u32.to_le_bytes());
        let mut program = [0xdd_u8; 144];
        stat.to_program(Isa::Aarch64, &kernel, &mut program);
        let word = |at: usize| u64::from_le_bytes(program[at..at + 8].try_into().expect("8 bytes"));
        assert_eq!((word(16), word(48), word(56)), (2, 1 << 40, 4096));
        assert_eq!(program[24..28], 0o100644_u32.to_le_bytes());
        assert_eq!(program[120..], [0; 24]);

        let event = structure(Isa::Riscv64, "epoll_event").expect("it differs");
        let packed = [1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
        let (mut kernel, mut again) = ([9; 16], [9; 12]);
        event.to_kernel(Isa::Riscv64, &packed, &mut kernel);
        assert_eq!(kernel, [1, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        event.to_program(Isa::Riscv64, &kernel, &mut again);
        assert_eq!(again, packed);

        let semaphores = structure(Isa::Aarch64, "semid_ds").expect("it differs");
        let kernel: [u8; 88] = std::array::from_fn(|at| at as u8);
        let (mut program, mut again) = ([0xdd; 104], [0; 88]);
        semaphores.to_program(Isa::Aarch64, &kernel, &mut program);
        assert_eq!(program[..56], kernel[..56]);
        assert_eq!(program[64..72], kernel[56..64]);
        assert_eq!(program[80..88], kernel[64..72]);
        assert_eq!(program[56..64], [0; 8]);
        semaphores.to_kernel(Isa::Aarch64, &program, &mut again);
        assert_eq!(again[..72], kernel[..72]);
    }

    #[test]
    fn what_programs_see_is_the_interfaces_layout() {
        // The kernel's and the libc's own `semid_ds` alone is not among the interface's.
        for structure in ISA_STRUCTS.iter().filter(|known| known.name != "semid_ds") {
            let seen = layout(structure.name).expect("a structure of the interface");
            assert_eq!(structure.sizes_bytes[0], seen.size_bytes, "{}", seen.name);
            for field in structure.fields {
                let known = seen.fields.iter().find(|known| known.name == field.name);
                let known = known.expect(field.name);
                assert_eq!(
                    field.places[0],
                    [known.offset, known.size_bytes],
                    "{}",
                    field.name
                );
            }
        }
    }

    #[test]
    fn calls_that_an_instruction_set_lacks_have_a_newer_relative_there() {
        /// Calls whose relatives take other units or structures: the engine has functions for them.
        const BY_HAND: [&str; 10] = [
            "alarm",
            "dup2",
            "epoll_create",
            "futimesat",
            "getdents",
            "poll",
            "select",
            "ustat",
            "utime",
            "utimes",
        ];
        for call in SYSCALLS.iter().filter(|call| call.serve == Serve::Direct) {
            for isa in Isa::ALL
                .into_iter()
                .filter(|isa| call.number(*isa).is_none())
            {
                let Some(via) = call.via else {
                    assert!(BY_HAND.contains(&call.name), "{}: {isa:?}", call.name);
                    continue;
                };
                let relative = syscall(via.call).expect("in the spec");
                assert!(relative.number(isa).is_some(), "{}: {isa:?}", call.name);
                assert_eq!(via.args.len(), relative.args.len(), "{}", call.name);
                for arg in via.args {
                    assert!(!matches!(arg, ViaArg::Arg(index) if *index >= call.args.len()));
                }
            }
        }
    }
}
