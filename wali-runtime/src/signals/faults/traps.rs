//! Which instructions of the compiled module can trap, and why: wasmtime's own table, read in the
//! module's image without locks and allocations, as a signal handler has to.

use std::sync::OnceLock;

use wasmtime::{Module, Trap};
use wasmtime_environ::CompiledTrap;
use wasmtime_environ::obj::ELF_WASMTIME_TRAPS;

/// The program's code and the table that belongs to it.
struct Code {
    start: usize,
    len: usize,
    traps: &'static [u8],
}

static CODE: OnceLock<Option<Code>> = OnceLock::new();

/// Finds the table of `module`, which the process keeps for ever. Further calls do nothing.
pub(super) fn find(module: &'static Module) {
    CODE.get_or_init(|| {
        let text = module.text();
        let image = module.image_range();
        let len = image.end.addr() - image.start.addr();
        // SAFETY: the image is mapped for as long as the module exists, and never written.
        let image: &'static [u8] = unsafe { std::slice::from_raw_parts(image.start, len) };
        Some(Code {
            start: text.as_ptr().addr(),
            len: text.len(),
            traps: section(image, ELF_WASMTIME_TRAPS)?,
        })
    });
}

/// Why the instruction at `pc` traps, if it is one of the program's that can.
pub(super) fn at(pc: usize) -> Option<Trap> {
    let code = CODE.get()?.as_ref()?;
    let offset = pc
        .checked_sub(code.start)
        .filter(|&offset| offset < code.len)?;
    match wasmtime_environ::lookup_trap_code(code.traps, offset)? {
        CompiledTrap::Normal(trap) => Some(trap),
        CompiledTrap::InternalAssert | CompiledTrap::GcHeapCorrupt => None,
    }
}

/// Whether `pc` is in the program's code.
pub(super) fn is_code(pc: usize) -> bool {
    let code = CODE.get().and_then(Option::as_ref);
    code.is_some_and(|code| (code.start..code.start + code.len).contains(&pc))
}

/// The contents of a section of a 64-bit little-endian ELF file.
fn section<'a>(image: &'a [u8], name: &str) -> Option<&'a [u8]> {
    const HEADER_BYTES: usize = 64;
    let number = |at: usize, bytes: usize| -> Option<usize> {
        let mut word = [0; 8];
        word[..bytes].copy_from_slice(image.get(at..at.checked_add(bytes)?)?);
        usize::try_from(u64::from_le_bytes(word)).ok()
    };
    let headers = number(0x28, 8)?;
    let (count, names) = (number(0x3c, 2)?, number(0x3e, 2)?);
    let header = |index: usize| headers.checked_add(index * HEADER_BYTES);
    let contents = |index: usize| {
        let header = header(index)?;
        let (at, len) = (number(header + 0x18, 8)?, number(header + 0x20, 8)?);
        image.get(at..at.checked_add(len)?)
    };
    let names = contents(names)?;
    (0..count).find_map(|index| {
        let own = names.get(number(header(index)?, 4)?..)?;
        let found = own.strip_prefix(name.as_bytes())?.first() == Some(&0);
        found.then(|| contents(index)).flatten()
    })
}

/// The signal that native code dies from where compiled code has this `trap`. `last` is the signal of the
/// thread's last fault: an access behind the end of a mapped file is a `SIGBUS`.
pub(crate) fn signal_of(trap: Trap, last: Option<i32>) -> i32 {
    match trap {
        Trap::MemoryOutOfBounds if last == Some(libc::SIGBUS) => libc::SIGBUS,
        Trap::StackOverflow | Trap::MemoryOutOfBounds => libc::SIGSEGV,
        Trap::HeapMisaligned => libc::SIGBUS,
        // Null and wild function pointers: native code jumps to where no code is.
        Trap::TableOutOfBounds | Trap::IndirectCallToNull | Trap::NullReference => libc::SIGSEGV,
        Trap::IntegerOverflow | Trap::IntegerDivisionByZero | Trap::BadConversionToInteger => {
            libc::SIGFPE
        }
        Trap::AllocationTooLarge => libc::SIGABRT,
        // Unreachable code, calls through a pointer of another type, and the rest.
        _ => libc::SIGILL,
    }
}

#[cfg(test)]
mod tests {
    use super::section;

    #[test]
    fn a_file_that_is_no_elf_has_no_sections() {
        assert_eq!(section(&[], ".wasmtime.traps"), None);
        assert_eq!(section(&[0xff; 64], ".wasmtime.traps"), None);
        assert_eq!(section(&[0; 4096], ".wasmtime.traps"), None);
    }
}
