//! The stubs on x86-64.
//!
//! Compiled code calls them as it calls functions of its own: the contexts of callee and caller in
//! `rdi` and `rsi`, parameters in `rdx`, `rcx`, `r8`, `r9` and then on the stack, from where the
//! callee takes them off in units of 16 bytes; the result in `rax`; `rbx`, `rbp` and `r12` to `r15`
//! are kept. That is Cranelift's convention `tail`.

use std::mem::offset_of;

use super::{BASE, NAMES, PENDING, SLOW};
use crate::kernel::syscall::Window;
use crate::signals::flags::Flags;

/// The address of a place in the stubs' code.
macro_rules! address {
    ($label:ident) => {{
        unsafe extern "C" {
            static $label: u8;
        }
        (&raw const $label).addr()
    }};
}

unsafe extern "C" {
    static wali_direct_offsets: [u32; NAMES.len()];
}

/// The address of a stub.
pub(super) fn stub(index: usize) -> usize {
    // SAFETY: the table is constant and written with the stubs, one offset for each of them.
    let offset = unsafe { wali_direct_offsets[index] };
    address!(wali_direct_begin) + offset as usize
}

/// Where the stubs make their calls.
pub(in crate::signals) fn windows() -> [Window; 2] {
    let interrupted = address!(wali_direct_left);
    [
        Window {
            test: address!(wali_direct_test),
            call: address!(wali_direct_insn),
            done: address!(wali_direct_done),
            interrupted,
        },
        Window {
            test: address!(wali_direct_test_popping),
            call: address!(wali_direct_insn_popping),
            done: address!(wali_direct_done_popping),
            interrupted,
        },
    ]
}

/// Whether a thread at `pc` will look for signals before it goes on in compiled code.
pub(in crate::signals) fn will_look(pc: usize) -> bool {
    let leaving = [
        address!(wali_direct_checked)..address!(wali_direct_call_popping),
        address!(wali_direct_checked_popping)..address!(wali_direct_made),
    ];
    (address!(wali_direct_begin)..address!(wali_direct_blind)).contains(&pc)
        && !leaving.iter().any(|range| range.contains(&pc))
}

/// Where a thread that faulted at `pc` goes on, if it was storing something for the guest.
pub(in crate::signals) fn exit_after_fault(pc: usize) -> Option<usize> {
    (address!(wali_direct_stores)..address!(wali_direct_stored))
        .contains(&pc)
        .then(|| address!(wali_direct_clock_failed))
}

/// The calling thread's pointer to its thread-local variables.
pub(super) fn thread_pointer() -> usize {
    let pointer: usize;
    // SAFETY: the ABI puts the thread pointer's own value there.
    unsafe {
        std::arch::asm!(
            "mov {}, fs:[0]",
            out(reg) pointer,
            options(nostack, readonly, preserves_flags)
        );
    }
    pointer
}

/// How far behind the flag a slot's member is.
const fn distance(member: usize) -> isize {
    member as isize - offset_of!(Flags, pending) as isize
}

std::arch::global_asm!(
    ".pushsection .text.wali_direct,\"ax\",@progbits",
    ".hidden wali_direct_begin",
    ".globl wali_direct_begin",
    ".hidden wali_direct_offsets",
    ".globl wali_direct_offsets",
    ".p2align 4",
    "wali_direct_begin:",
    ".cfi_startproc",
    include_str!(concat!(env!("OUT_DIR"), "/direct.s")),
    include_str!("x86_64.s"),
    ".cfi_endproc",
    ".popsection",
    base = sym BASE,
    pending = sym PENDING,
    slow = sym SLOW,
    clock_gettime = sym libc::clock_gettime,
    made = const distance(offset_of!(Flags, made)),
    has_made = const distance(offset_of!(Flags, has_made)),
);
