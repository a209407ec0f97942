//! What a handler with three arguments is shown: `siginfo_t` and `ucontext_t`, on the guest's stack.

use crate::kernel::{Errno, SigSet};
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};
use crate::program::AlternateStack;
use crate::signals::info::INFO_BYTES;

/// Bytes below the stack pointer that a function without calls may use without moving it (the red zone).
const RED_ZONE_BYTES: u32 = 128;

/// Bytes of the libc's `ucontext_t`, and where its fields are.
const CONTEXT_BYTES: usize = 408;
const STACK_AT: usize = 12;
const IN_CALL_AT: usize = 24;
const STACK_POINTER_AT: usize = 28;
const RESULT_AT: usize = 32;
const MASK_AT: usize = 280;

/// The system call that a signal interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InCall {
    /// Whether it can still be given up, since it has had no effect: it would be made again or return `EINTR`.
    pub(super) open: bool,
    /// What it returns to the guest when it is given up.
    pub(super) result: i64,
}

impl InCall {
    /// No call was interrupted.
    pub(super) fn none() -> InCall {
        InCall {
            open: false,
            result: 0,
        }
    }
}

/// The interrupted state as the context holds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interrupted {
    pub(super) mask: SigSet,
    pub(super) call: InCall,
    pub(super) stack_pointer: u32,
    pub(super) alternate: AlternateStack,
}

/// A frame in guest memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    at: GuestAddr,
}

impl Frame {
    /// The frame's place below `top`, or below the red zone of a stack in use.
    ///
    /// # Errors
    /// - `EFAULT`: the stack has no room.
    pub(super) fn below(top: u32, in_use: bool) -> Result<Frame, Errno> {
        let zone = if in_use { RED_ZONE_BYTES } else { 0 };
        let bytes = zone + (INFO_BYTES + CONTEXT_BYTES) as u32;
        let at = top.checked_sub(bytes).ok_or(Errno::EFAULT)? & !15;
        Ok(Frame { at: GuestAddr(at) })
    }

    /// The handler's stack pointer; also the address of `siginfo_t`.
    pub(super) fn info(self) -> u32 {
        self.at.0
    }

    /// The address of `ucontext_t`.
    pub(super) fn context(self) -> u32 {
        self.at.0 + INFO_BYTES as u32
    }

    /// Writes it.
    ///
    /// # Errors
    /// - `EFAULT`: the stack has no room.
    pub(super) fn store(
        self,
        memory: GuestMemory,
        info: &[u8; INFO_BYTES],
        state: &Interrupted,
    ) -> Result<(), Errno> {
        let mut context = [0_u8; CONTEXT_BYTES];
        let mut put = |at: usize, bytes: &[u8]| {
            context[at..at + bytes.len()].copy_from_slice(bytes);
        };
        for (n, word) in state
            .alternate
            .describe(state.stack_pointer)
            .iter()
            .enumerate()
        {
            put(STACK_AT + 4 * n, &word.to_ne_bytes());
        }
        put(IN_CALL_AT, &u32::from(state.call.open).to_ne_bytes());
        put(STACK_POINTER_AT, &state.stack_pointer.to_ne_bytes());
        put(RESULT_AT, &state.call.result.to_ne_bytes());
        put(MASK_AT, &state.mask.bits().to_ne_bytes());
        memory.write_bytes(self.at, info)?;
        memory.write_bytes(GuestAddr(self.context()), &context)
    }

    /// The mask and the call as the handler left them.
    ///
    /// # Errors
    /// - `EFAULT`: the handler has unmapped its own stack.
    pub(super) fn load(self, memory: GuestMemory) -> Result<(SigSet, InCall), Errno> {
        let field = |at: usize| GuestAddr(self.context() + at as u32);
        let open: u32 = memory.load(GuestPtr::new(field(IN_CALL_AT)))?;
        let result: i64 = memory.load(GuestPtr::new(field(RESULT_AT)))?;
        let mask: u64 = memory.load(GuestPtr::new(field(MASK_AT)))?;
        let mask = SigSet::from_bits(mask).without(SigSet::UNSTOPPABLE);
        Ok((
            mask,
            InCall {
                open: open != 0,
                result,
            },
        ))
    }
}
