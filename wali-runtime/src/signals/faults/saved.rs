//! Saving a thread's registers on its own stack while a function runs in between.
//!
//! What the kernel stored for the signal handler is copied below the interrupted code's stack, in
//! the form in which `rt_sigreturn` takes it back.

use crate::kernel::SigSet;
use crate::kernel::context::Context;

/// The registers of an interrupted thread, on its stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Saved {
    /// Where the kernel's `struct ucontext` is. The word below it is the return address of the
    /// function that runs in between.
    at: usize,
}

#[cfg(target_arch = "x86_64")]
mod kernel {
    /// `struct ucontext`: where its parts are, and its size.
    pub(super) const REGISTERS_AT: usize = 40;
    pub(super) const FLOAT_STATE_AT: usize = 224;
    pub(super) const MASK_AT: usize = 296;
    pub(super) const BYTES: usize = 304;

    /// `struct _fpstate`: its size, and where it tells about what follows it.
    pub(super) const FLOAT_BYTES: usize = 512;
    pub(super) const EXTENSION_AT: usize = 464;
    pub(super) const EXTENSION_MAGIC: u32 = 0x4650_5853;
}

/// Bytes below the stack pointer that compiled code may use.
const RED_ZONE: usize = 128;

#[cfg(target_arch = "x86_64")]
impl Saved {
    /// Saves the thread's registers and makes it go on in `function`, with `arg` as the first two arguments. Stack
    /// walks find `caller` as the place of the call.
    ///
    /// # Safety
    /// The interrupted code runs on a stack with 64 KiB to spare, and `function` is a function of
    /// the C or of the Wasm calling convention that may be called there.
    pub(super) unsafe fn call(
        context: &mut Context,
        function: usize,
        arg: usize,
        caller: usize,
    ) -> Option<Saved> {
        use kernel::{BYTES, FLOAT_STATE_AT, REGISTERS_AT};

        let from = context.address();
        // SAFETY: the kernel's structure, valid while the handler runs, has this pointer there.
        let float = unsafe { ((from + FLOAT_STATE_AT) as *const usize).read() };
        // SAFETY: it is the kernel's.
        let float_bytes = unsafe { float_state_bytes(float) };
        let stack = context.stack_pointer().checked_sub(RED_ZONE)?;
        let float_at = (stack - float_bytes) & !63;
        let at = (float_at - BYTES) & !15;
        // SAFETY: the stack has room, the caller says; nothing of the interrupted code's lies there.
        unsafe {
            copy(float_at, float, float_bytes);
            copy(at, from, BYTES);
            if float != 0 {
                ((at + FLOAT_STATE_AT) as *mut usize).write(float_at);
            }
            ((at - 8) as *mut usize).write(caller);
        }
        let set = |register: i32, value: usize| {
            let register = from + REGISTERS_AT + register as usize * 8;
            // SAFETY: one of the registers that the kernel restores when the handler returns.
            unsafe { (register as *mut usize).write(value) };
        };
        set(libc::REG_RIP, function);
        set(libc::REG_RDI, arg);
        set(libc::REG_RSI, arg);
        set(libc::REG_RSP, at - 8);
        Some(Saved { at })
    }

    /// Lets the thread go on as it was, with `mask`, when the function in between returns.
    ///
    /// # Safety
    /// That function is still running.
    pub(super) unsafe fn resume_on_return(self, mask: SigSet) {
        // SAFETY: the frame is still there, and belongs to nobody else.
        unsafe {
            ((self.at + kernel::MASK_AT) as *mut u64).write(mask.bits());
            ((self.at - 8) as *mut usize).write(crate::kernel::sigaction::sigreturn_address());
        }
    }
}

#[cfg(target_arch = "x86_64")]
unsafe fn copy(to: usize, from: usize, len: usize) {
    // SAFETY: the caller vouches for both sides.
    unsafe { std::ptr::copy_nonoverlapping(from as *const u8, to as *mut u8, len) };
}

/// The size of the floating point state at `at`, with what newer processors add to it.
#[cfg(target_arch = "x86_64")]
unsafe fn float_state_bytes(at: usize) -> usize {
    use kernel::{EXTENSION_AT, EXTENSION_MAGIC, FLOAT_BYTES};

    if at == 0 {
        return 0;
    }
    // SAFETY: the caller's state has these fields.
    let [magic, bytes] = unsafe { ((at + EXTENSION_AT) as *const [u32; 2]).read() };
    if magic == EXTENSION_MAGIC {
        bytes as usize
    } else {
        FLOAT_BYTES
    }
}

#[cfg(not(target_arch = "x86_64"))]
impl Saved {
    /// Saves nothing, as this is not written for this processor: the fault becomes a trap.
    ///
    /// # Safety
    /// None is needed.
    pub(super) unsafe fn call(
        _context: &mut Context,
        _function: usize,
        _arg: usize,
        _caller: usize,
    ) -> Option<Saved> {
        let _ = RED_ZONE;
        None
    }

    /// Never called, since nothing was saved.
    ///
    /// # Safety
    /// None is needed.
    pub(super) unsafe fn resume_on_return(self, _mask: SigSet) {
        let _ = self.at;
    }
}
