//! The registers and the signal mask of a thread that a signal interrupted.

use libc::{c_void, ucontext_t};

use super::SigSet;

/// The registers and the mask that a signal handler was called with. The kernel restores them when the handler
/// returns, so what is changed here decides how the thread goes on.
pub(crate) struct Context {
    raw: *mut ucontext_t,
}

impl Context {
    /// Wraps the third argument of a signal handler.
    ///
    /// # Safety
    /// `raw` is that argument, and the handler is still running.
    pub(crate) unsafe fn new(raw: *mut c_void) -> Context {
        Context { raw: raw.cast() }
    }

    /// The address of the kernel's structure.
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

    /// Sets the general register that instructions encode as `number`.
    pub(crate) fn set_register(&mut self, number: usize, value: i64) {
        // SAFETY: the frame is valid for as long as the handler runs.
        unsafe { registers::numbered(self.raw, number).write(value as registers::Word) };
    }

    /// Where the mask is. The kernel's structure has 8 bytes there, whatever the libc declares.
    fn mask_ptr(&self) -> *mut u64 {
        // SAFETY: the frame is the kernel's and valid for as long as the handler runs.
        unsafe { (&raw mut (*self.raw).uc_sigmask).cast() }
    }

    /// The signals that are blocked when the thread goes on.
    pub(crate) fn mask(&self) -> SigSet {
        // SAFETY: see `mask_ptr`.
        SigSet::from_bits(unsafe { self.mask_ptr().read() })
    }

    /// Sets the signals that are blocked when the thread goes on.
    pub(crate) fn set_mask(&mut self, mask: SigSet) {
        // SAFETY: see `mask_ptr`.
        unsafe { self.mask_ptr().write(mask.bits()) };
    }

    /// The address of the instruction that the thread goes on with.
    pub(crate) fn pc(&self) -> usize {
        // SAFETY: the frame is valid for as long as the handler runs.
        unsafe { registers::pc(self.raw).read() as usize }
    }

    /// Makes the thread go on at `pc`.
    pub(crate) fn set_pc(&mut self, pc: usize) {
        // SAFETY: the frame is valid for as long as the handler runs.
        unsafe { registers::pc(self.raw).write(pc as registers::Word) };
    }

    /// The number of the system call, in a thread that is about to make one.
    pub(crate) fn call_number(&self) -> usize {
        // SAFETY: the frame is valid for as long as the handler runs.
        unsafe { registers::call_number(self.raw).read() as usize }
    }

    /// Sets the register that holds a function's result.
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

    /// The registers in the order in which instructions number them.
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
        // SAFETY: passed on. Register 0 is always 0, so the kernel keeps the pc in its word.
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
