//! Copies that fail with an error where they would fault.

use super::Errno;

unsafe extern "C" {
    fn wali_copy(dst: *mut u8, src: *const u8, len: usize) -> usize;
    fn wali_exchange(at: *mut u32, expected: u32, new: u32, found: *mut u32) -> usize;
    static wali_copy_fault: u8;
    static wali_copy_end: u8;
}

/// Copies `len` bytes; one of the sides is guest memory.
///
/// # Errors
/// - `EFAULT`: a byte of it cannot be read or written; those before it may have been copied.
///
/// # Safety
/// Each side is either valid for `len` bytes or lies in the guest's reservation.
pub(crate) unsafe fn bytes(dst: *mut u8, src: *const u8, len: usize) -> Result<(), Errno> {
    // SAFETY: the caller vouches for both sides; a fault ends the routine.
    match unsafe { wali_copy(dst, src, len) } {
        0 => Ok(()),
        _ => Err(Errno::EFAULT),
    }
}

/// Replaces the word at `at` by `new` if it is `expected`, as one step, and returns what was
/// there.
///
/// # Errors
/// - `EFAULT`: the word cannot be written.
///
/// # Safety
/// `at` is a multiple of 4 in the guest's reservation.
pub(crate) unsafe fn exchange(at: *mut u32, expected: u32, new: u32) -> Result<u32, Errno> {
    let mut found = 0;
    // SAFETY: the caller vouches for `at`; a fault ends the routine.
    match unsafe { wali_exchange(at, expected, new, &raw mut found) } {
        0 => Ok(found),
        _ => Err(Errno::EFAULT),
    }
}

/// Where a thread that faulted at `pc` goes on, if that is in one of the routines.
pub(crate) fn exit_after_fault(pc: usize) -> Option<usize> {
    let first = (wali_copy as *const ()).addr();
    let end = (&raw const wali_copy_end).addr();
    (first..end)
        .contains(&pc)
        .then(|| (&raw const wali_copy_fault).addr())
}

#[cfg(target_arch = "x86_64")]
std::arch::global_asm!(
    ".pushsection .text.wali_copy,\"ax\",@progbits",
    ".globl wali_copy, wali_exchange, wali_copy_fault, wali_copy_end",
    ".hidden wali_copy, wali_exchange, wali_copy_fault, wali_copy_end",
    ".type wali_copy, @function",
    ".type wali_exchange, @function",
    ".p2align 4",
    "wali_copy:",
    ".cfi_startproc",
    // Starting `rep movsb` takes longer than copying little without it.
    "cmp rdx, 64",
    "ja 4f",
    "2: cmp rdx, 8",
    "jb 3f",
    "mov rax, [rsi]",
    "mov [rdi], rax",
    "add rsi, 8",
    "add rdi, 8",
    "sub rdx, 8",
    "jmp 2b",
    "3: test rdx, rdx",
    "jz 5f",
    "mov al, [rsi]",
    "mov [rdi], al",
    "inc rsi",
    "inc rdi",
    "dec rdx",
    "jmp 3b",
    "4: mov rcx, rdx",
    "rep movsb",
    "5: xor eax, eax",
    "ret",
    ".cfi_endproc",
    "wali_exchange:",
    ".cfi_startproc",
    "mov eax, esi",
    "lock cmpxchg dword ptr [rdi], edx",
    "mov dword ptr [rcx], eax",
    "xor eax, eax",
    "ret",
    ".cfi_endproc",
    "wali_copy_end:",
    "wali_copy_fault:",
    ".cfi_startproc",
    "mov eax, 1",
    "ret",
    ".cfi_endproc",
    ".popsection",
);

#[cfg(target_arch = "aarch64")]
std::arch::global_asm!(
    ".pushsection .text.wali_copy,\"ax\",@progbits",
    ".globl wali_copy, wali_exchange, wali_copy_fault, wali_copy_end",
    ".hidden wali_copy, wali_exchange, wali_copy_fault, wali_copy_end",
    ".type wali_copy, @function",
    ".type wali_exchange, @function",
    ".p2align 4",
    "wali_copy:",
    ".cfi_startproc",
    "cmp x2, #8",
    "b.lo 2f",
    "1: ldr x3, [x1], #8",
    "str x3, [x0], #8",
    "sub x2, x2, #8",
    "cmp x2, #8",
    "b.hs 1b",
    "2: cbz x2, 4f",
    "3: ldrb w3, [x1], #1",
    "strb w3, [x0], #1",
    "subs x2, x2, #1",
    "b.ne 3b",
    "4: mov x0, #0",
    "ret",
    ".cfi_endproc",
    "wali_exchange:",
    ".cfi_startproc",
    "1: ldaxr w4, [x0]",
    "cmp w4, w1",
    "b.ne 2f",
    "stlxr w5, w2, [x0]",
    "cbnz w5, 1b",
    "2: str w4, [x3]",
    "mov x0, #0",
    "ret",
    ".cfi_endproc",
    "wali_copy_end:",
    "wali_copy_fault:",
    ".cfi_startproc",
    "mov x0, #1",
    "ret",
    ".cfi_endproc",
    ".popsection",
);

#[cfg(target_arch = "riscv64")]
std::arch::global_asm!(
    ".pushsection .text.wali_copy,\"ax\",@progbits",
    // The target's own extensions are not known here.
    ".option push",
    ".option arch, +a",
    ".globl wali_copy, wali_exchange, wali_copy_fault, wali_copy_end",
    ".hidden wali_copy, wali_exchange, wali_copy_fault, wali_copy_end",
    ".type wali_copy, @function",
    ".type wali_exchange, @function",
    ".p2align 2",
    "wali_copy:",
    ".cfi_startproc",
    "beqz a2, 2f",
    "1: lbu a3, 0(a1)",
    "sb a3, 0(a0)",
    "addi a0, a0, 1",
    "addi a1, a1, 1",
    "addi a2, a2, -1",
    "bnez a2, 1b",
    "2: li a0, 0",
    "ret",
    ".cfi_endproc",
    "wali_exchange:",
    ".cfi_startproc",
    "sext.w a1, a1",
    "1: lr.w.aqrl a4, (a0)",
    "bne a4, a1, 2f",
    "sc.w.rl a5, a2, (a0)",
    "bnez a5, 1b",
    "2: sw a4, 0(a3)",
    "li a0, 0",
    "ret",
    ".cfi_endproc",
    "wali_copy_end:",
    "wali_copy_fault:",
    ".cfi_startproc",
    "li a0, 1",
    "ret",
    ".cfi_endproc",
    ".option pop",
    ".popsection",
);

#[cfg(test)]
mod tests {
    use super::{bytes, exchange};
    use crate::Errno;

    #[test]
    fn a_copy_that_faults_is_an_error() {
        // wasmtime is not there: every fault of these tests is one of a copy.
        crate::signals::faults::install().expect("installing the handler");
        let mut buffer = [0_u8; 16];
        // SAFETY: both sides are valid.
        unsafe { bytes(buffer.as_mut_ptr(), b"0123".as_ptr(), 4) }.expect("a good copy");
        assert_eq!(&buffer[..5], b"0123\0");
        let hole = 64 as *mut u8;
        // SAFETY: nothing is mapped at the hole, and the routine ends at a fault.
        unsafe {
            assert_eq!(bytes(buffer.as_mut_ptr(), hole, 4), Err(Errno::EFAULT));
            assert_eq!(bytes(hole, buffer.as_ptr(), 4), Err(Errno::EFAULT));
            assert_eq!(exchange(hole.cast(), 0, 1), Err(Errno::EFAULT));
        }
    }

    #[test]
    fn an_exchange_tells_what_was_there() {
        let mut word = 7_u32;
        // SAFETY: the word is valid.
        unsafe {
            assert_eq!(exchange(&raw mut word, 6, 1), Ok(7));
            assert_eq!(exchange(&raw mut word, 7, 1), Ok(7));
        }
        assert_eq!(word, 1);
    }
}
