//! The routine through which the engine's functions make the guest's system calls. Those that need no
//! function have routines of the same kind in `signals/direct`.
//!
//! It tests the thread's signal flag and issues the call. The addresses from the test to the call's
//! instruction are a window: the signal handler that interrupts a thread there moves
//! it to the `interrupted` exit. So no signal is lost between the test and a call that blocks, and a
//! call that the kernel has rewound to be restarted leaves the same way.

use std::sync::atomic::AtomicU32;

use super::Errno;
use super::time::counted;

/// What the routine returns when the call was not made, or is to be made again.
const INTERRUPTED: i64 = i64::MIN;

/// The result of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The kernel's result; an error is -4095 to -1.
    Done(i64),
    /// A signal waits to be handled; afterwards the call has to be made (again).
    Interrupted,
}

unsafe extern "C" {
    fn wali_syscall(pending: *const u32, number: usize, args: *const [usize; 6]) -> i64;
    static wali_syscall_test: u8;
    static wali_syscall_insn: u8;
    static wali_syscall_done: u8;
    static wali_syscall_interrupted: u8;
}

/// Makes system call `number`, unless `pending` is or becomes non-zero before it starts.
///
/// # Safety
/// The kernel follows and keeps the pointers among `args`: they are null, lie in the guest's
/// reservation, or are valid for what the call does with them. The call changes nothing of the
/// engine's own: its memory, its descriptors, its signal handlers.
#[inline]
pub(crate) unsafe fn interruptible(
    pending: &AtomicU32,
    number: usize,
    args: &[usize; 6],
) -> Outcome {
    // SAFETY: the routine reads the flag and the six words; the caller vouches for the call itself.
    let call = || unsafe { wali_syscall(pending.as_ptr(), number, args) };
    match counted(call) {
        INTERRUPTED => Outcome::Interrupted,
        result => Outcome::Done(result),
    }
}

/// Makes a system call that does not block, whatever signals wait.
///
/// # Errors
/// The kernel's.
///
/// # Safety
/// As for [`interruptible`].
pub(crate) unsafe fn immediate(number: libc::c_long, args: &[usize; 6]) -> Result<i64, Errno> {
    static NEVER: AtomicU32 = AtomicU32::new(0);
    loop {
        // SAFETY: the caller's promise. A signal in the window only makes the loop turn once more.
        let outcome = unsafe { interruptible(&NEVER, number as usize, args) };
        if let Outcome::Done(result) = outcome {
            return Errno::check(result);
        }
    }
}

/// Where in a routine a signal must keep a call from being made (again).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    /// The address of the flag's test, where the window begins.
    pub(crate) test: usize,
    /// The address of the call's instruction, the last in the window. The kernel moves a thread there when its
    /// call is to be restarted.
    pub(crate) call: usize,
    /// The address behind it.
    pub(crate) done: usize,
    /// The address that leaves the routine as interrupted.
    pub(crate) interrupted: usize,
}

/// The window of [`wali_syscall`].
pub(crate) fn window() -> Window {
    Window {
        test: (&raw const wali_syscall_test).addr(),
        call: (&raw const wali_syscall_insn).addr(),
        done: (&raw const wali_syscall_done).addr(),
        interrupted: (&raw const wali_syscall_interrupted).addr(),
    }
}

/// Whether a thread at `pc` is in the routine, so that whoever called it looks for signals.
pub(crate) fn is_in_routine(pc: usize) -> bool {
    const LAST_BYTES: usize = 32;
    let first = (wali_syscall as *const ()).addr();
    (first..window().interrupted + LAST_BYTES).contains(&pc)
}

#[cfg(target_arch = "x86_64")]
std::arch::global_asm!(
    ".pushsection .text.wali_syscall,\"ax\",@progbits",
    ".globl wali_syscall",
    ".hidden wali_syscall",
    ".type wali_syscall, @function",
    ".p2align 4",
    "wali_syscall:",
    ".cfi_startproc",
    "mov rcx, rdi",
    "mov rax, rsi",
    "mov r11, rdx",
    "mov rdi, [r11]",
    "mov rsi, [r11 + 8]",
    "mov rdx, [r11 + 16]",
    "mov r10, [r11 + 24]",
    "mov r8, [r11 + 32]",
    "mov r9, [r11 + 40]",
    ".globl wali_syscall_test",
    ".hidden wali_syscall_test",
    "wali_syscall_test:",
    "cmp dword ptr [rcx], 0",
    "jne wali_syscall_interrupted",
    ".globl wali_syscall_insn",
    ".hidden wali_syscall_insn",
    "wali_syscall_insn:",
    "syscall",
    ".globl wali_syscall_done",
    ".hidden wali_syscall_done",
    "wali_syscall_done:",
    "ret",
    ".globl wali_syscall_interrupted",
    ".hidden wali_syscall_interrupted",
    "wali_syscall_interrupted:",
    "movabs rax, {interrupted}",
    "ret",
    ".cfi_endproc",
    ".size wali_syscall, . - wali_syscall",
    ".popsection",
    interrupted = const INTERRUPTED,
);

#[cfg(target_arch = "aarch64")]
std::arch::global_asm!(
    ".pushsection .text.wali_syscall,\"ax\",@progbits",
    ".globl wali_syscall",
    ".hidden wali_syscall",
    ".type wali_syscall, @function",
    ".p2align 4",
    "wali_syscall:",
    ".cfi_startproc",
    "mov x9, x0",
    "mov x8, x1",
    "mov x10, x2",
    "ldp x0, x1, [x10]",
    "ldp x2, x3, [x10, #16]",
    "ldp x4, x5, [x10, #32]",
    ".globl wali_syscall_test",
    ".hidden wali_syscall_test",
    "wali_syscall_test:",
    "ldr w9, [x9]",
    "cbnz w9, wali_syscall_interrupted",
    ".globl wali_syscall_insn",
    ".hidden wali_syscall_insn",
    "wali_syscall_insn:",
    "svc #0",
    ".globl wali_syscall_done",
    ".hidden wali_syscall_done",
    "wali_syscall_done:",
    "ret",
    ".globl wali_syscall_interrupted",
    ".hidden wali_syscall_interrupted",
    "wali_syscall_interrupted:",
    "mov x0, #{interrupted}",
    "ret",
    ".cfi_endproc",
    ".size wali_syscall, . - wali_syscall",
    ".popsection",
    interrupted = const INTERRUPTED,
);

#[cfg(target_arch = "riscv64")]
std::arch::global_asm!(
    ".pushsection .text.wali_syscall,\"ax\",@progbits",
    ".globl wali_syscall",
    ".hidden wali_syscall",
    ".type wali_syscall, @function",
    ".p2align 2",
    "wali_syscall:",
    ".cfi_startproc",
    "mv t0, a0",
    "mv a7, a1",
    "mv t1, a2",
    "ld a0, 0(t1)",
    "ld a1, 8(t1)",
    "ld a2, 16(t1)",
    "ld a3, 24(t1)",
    "ld a4, 32(t1)",
    "ld a5, 40(t1)",
    ".globl wali_syscall_test",
    ".hidden wali_syscall_test",
    "wali_syscall_test:",
    "lw t0, 0(t0)",
    "bnez t0, wali_syscall_interrupted",
    ".globl wali_syscall_insn",
    ".hidden wali_syscall_insn",
    "wali_syscall_insn:",
    "ecall",
    ".globl wali_syscall_done",
    ".hidden wali_syscall_done",
    "wali_syscall_done:",
    "ret",
    ".globl wali_syscall_interrupted",
    ".hidden wali_syscall_interrupted",
    "wali_syscall_interrupted:",
    "li a0, {interrupted}",
    "ret",
    ".cfi_endproc",
    ".size wali_syscall, . - wali_syscall",
    ".popsection",
    interrupted = const INTERRUPTED,
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raised_flag_keeps_the_call_from_being_made() {
        let raised = AtomicU32::new(1);
        // SAFETY: the call has no arguments.
        let outcome = unsafe { interruptible(&raised, libc::SYS_getpid as usize, &[0; 6]) };
        assert_eq!(outcome, Outcome::Interrupted);
    }

    #[test]
    fn results_and_all_six_arguments_pass() {
        let clear = AtomicU32::new(0);
        // SAFETY: the call has no arguments.
        let outcome = unsafe { interruptible(&clear, libc::SYS_getpid as usize, &[0; 6]) };
        assert_eq!(outcome, Outcome::Done(i64::from(std::process::id())));
        let args = [
            0,
            4096,
            libc::PROT_READ as usize,
            libc::MAP_PRIVATE as usize,
            usize::MAX,
            0,
        ];
        // SAFETY: descriptor -1 is refused.
        let outcome = unsafe { interruptible(&clear, libc::SYS_mmap as usize, &args) };
        assert_eq!(outcome, Outcome::Done(-i64::from(libc::EBADF)));
        // SAFETY: the offset is refused.
        let odd = unsafe { immediate(libc::SYS_mmap, &[0, 4096, 1, 0x22, usize::MAX, 1]) };
        assert_eq!(odd, Err(Errno::EINVAL));
    }
}
