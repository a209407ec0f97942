//! The registers of a thread that a signal interrupted.

use libc::{c_void, ucontext_t};

use super::SigSet;

/// The context that a signal handler was called with and that the thread goes on from.
pub(crate) struct Context {
    raw: *mut ucontext_t,
}

impl Context {
    /// The context behind a handler's third argument.
    ///
    /// # Safety
    /// `raw` is that argument, and the handler is still running.
    pub(crate) unsafe fn new(raw: *mut c_void) -> Context {
        Context { raw: raw.cast() }
    }

    /// Where the kernel's structure is.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn address(&self) -> usize {
        self.raw.expose_provenance()
    }

    /// The stack pointer.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn stack_pointer(&self) -> usize {
        // SAFETY: the frame is valid for as long as the handler runs.
        unsafe { (*self.raw).uc_mcontext.gregs[libc::REG_RSP as usize] as usize }
    }

    /// Fills the general register that has `number` in instructions.
    pub(crate) fn set_register(&mut self, number: usize, value: i64) {
        // SAFETY: the frame is valid for as long as the handler runs.
        unsafe { registers::numbered(self.raw, number).write(value as registers::Word) };
    }

    /// The mask that the thread goes on with.
    ///
    /// The kernel's structure has 8 bytes here, whatever the libc declares.
    fn mask_ptr(&self) -> *mut u64 {
        // SAFETY: the frame is the kernel's and valid for as long as the handler runs.
        unsafe { (&raw mut (*self.raw).uc_sigmask).cast() }
    }

    pub(crate) fn mask(&self) -> SigSet {
        // SAFETY: see `mask_ptr`.
        SigSet::from_bits(unsafe { self.mask_ptr().read() })
    }

    pub(crate) fn set_mask(&mut self, mask: SigSet) {
        // SAFETY: see `mask_ptr`.
        unsafe { self.mask_ptr().write(mask.bits()) };
    }

    /// The address of the next instruction.
    pub(crate) fn pc(&self) -> usize {
        // SAFETY: the frame is valid for as long as the handler runs.
        unsafe { registers::pc(self.raw).read() as usize }
    }

    pub(crate) fn set_pc(&mut self, pc: usize) {
        // SAFETY: the frame is valid for as long as the handler runs.
        unsafe { registers::pc(self.raw).write(pc as registers::Word) };
    }

    /// The number of the system call about to be made.
    pub(crate) fn call_number(&self) -> usize {
        // SAFETY: the frame is valid for as long as the handler runs.
        unsafe { registers::call_number(self.raw).read() as usize }
    }

    /// What a function returning here returns.
    pub(crate) fn set_result(&mut self, value: i64) {
        // SAFETY: the frame is valid for as long as the handler runs.
        unsafe { registers::result(self.raw).write(value as registers::Word) };
    }
}

#[cfg(target_arch = "x86_64")]
mod registers {
    use libc::ucontext_t;

    pub(super) type Word = i64;

    unsafe fn general(context: *mut ucontext_t, register: i32) -> *mut Word {
        // SAFETY: the caller's context is valid; the index is one of libc's.
        unsafe { &raw mut (*context).uc_mcontext.gregs[register as usize] }
    }

    /// The registers in the order of their numbers in instructions.
    const ORDER: [i32; 16] = [
        libc::REG_RAX,
        libc::REG_RCX,
        libc::REG_RDX,
        libc::REG_RBX,
        libc::REG_RSP,
        libc::REG_RBP,
        libc::REG_RSI,
        libc::REG_RDI,
        libc::REG_R8,
        libc::REG_R9,
        libc::REG_R10,
        libc::REG_R11,
        libc::REG_R12,
        libc::REG_R13,
        libc::REG_R14,
        libc::REG_R15,
    ];

    pub(super) unsafe fn numbered(context: *mut ucontext_t, number: usize) -> *mut Word {
        // SAFETY: passed on.
        unsafe { general(context, ORDER[number]) }
    }

    pub(super) unsafe fn pc(context: *mut ucontext_t) -> *mut Word {
        // SAFETY: passed on.
        unsafe { general(context, libc::REG_RIP) }
    }

    pub(super) unsafe fn call_number(context: *mut ucontext_t) -> *mut Word {
        // SAFETY: passed on.
        unsafe { general(context, libc::REG_RAX) }
    }

    pub(super) unsafe fn result(context: *mut ucontext_t) -> *mut Word {
        // SAFETY: passed on.
        unsafe { general(context, libc::REG_RAX) }
    }
}

#[cfg(target_arch = "aarch64")]
mod registers {
    use libc::ucontext_t;

    pub(super) type Word = u64;

    pub(super) unsafe fn numbered(context: *mut ucontext_t, number: usize) -> *mut Word {
        // SAFETY: the caller's context is valid; there are 31 registers.
        unsafe { &raw mut (*context).uc_mcontext.regs[number] }
    }

    pub(super) unsafe fn pc(context: *mut ucontext_t) -> *mut Word {
        // SAFETY: the caller's context is valid.
        unsafe { &raw mut (*context).uc_mcontext.pc }
    }

    pub(super) unsafe fn call_number(context: *mut ucontext_t) -> *mut Word {
        // SAFETY: the caller's context is valid.
        unsafe { &raw mut (*context).uc_mcontext.regs[8] }
    }

    pub(super) unsafe fn result(context: *mut ucontext_t) -> *mut Word {
        // SAFETY: the caller's context is valid.
        unsafe { &raw mut (*context).uc_mcontext.regs[0] }
    }
}

#[cfg(target_arch = "riscv64")]
mod registers {
    use libc::ucontext_t;

    pub(super) type Word = u64;

    unsafe fn general(context: *mut ucontext_t, register: usize) -> *mut Word {
        // SAFETY: the caller's context is valid; there are 32 registers.
        unsafe { &raw mut (*context).uc_mcontext.__gregs[register] }
    }

    pub(super) unsafe fn numbered(context: *mut ucontext_t, number: usize) -> *mut Word {
        // SAFETY: passed on. The word of a register that always is 0 holds the pc.
        unsafe { general(context, number) }
    }

    pub(super) unsafe fn pc(context: *mut ucontext_t) -> *mut Word {
        // SAFETY: passed on. The first word holds the pc.
        unsafe { general(context, 0) }
    }

    pub(super) unsafe fn call_number(context: *mut ucontext_t) -> *mut Word {
        // SAFETY: passed on. Register a7.
        unsafe { general(context, 17) }
    }

    pub(super) unsafe fn result(context: *mut ucontext_t) -> *mut Word {
        // SAFETY: passed on. Register a0.
        unsafe { general(context, 10) }
    }
}
