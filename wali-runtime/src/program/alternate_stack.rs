//! The alternate stack of `sigaltstack`, for the stack that the guest has in its memory.

use crate::kernel::Errno;

/// `SS_ONSTACK`: the thread runs on it.
pub(crate) const SS_ONSTACK: u32 = 1;
/// `SS_DISABLE`: there is none.
pub(crate) const SS_DISABLE: u32 = 2;
/// `SS_AUTODISARM`: forgotten while a handler runs.
pub(crate) const SS_AUTODISARM: u32 = 1 << 31;

/// The least size, `MINSIGSTKSZ`.
const MIN_BYTES: u32 = 2048;

/// An alternate stack; disabled when its size is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AlternateStack {
    start: u32,
    size_bytes: u32,
    disarms: bool,
}

impl AlternateStack {
    /// The stack that `sigaltstack` asks for.
    ///
    /// # Errors
    /// - `EINVAL`: flags that Linux does not know.
    /// - `ENOMEM`: too small.
    pub(crate) fn new(start: u32, flags: u32, size_bytes: u32) -> Result<AlternateStack, Errno> {
        match flags & !SS_AUTODISARM {
            SS_DISABLE => return Ok(AlternateStack::default()),
            0 | SS_ONSTACK => {}
            _ => return Err(Errno::EINVAL),
        }
        if size_bytes < MIN_BYTES {
            return Err(Errno::ENOMEM);
        }
        Ok(AlternateStack {
            start,
            size_bytes,
            disarms: flags & SS_AUTODISARM != 0,
        })
    }

    /// Whether this is what `sigaltstack` would set for these arguments.
    pub(crate) fn is(&self, start: u32, flags: u32, size_bytes: u32) -> bool {
        let disarms = if self.disarms { SS_AUTODISARM } else { 0 };
        (start, flags, size_bytes) == (self.start, disarms, self.size_bytes)
    }

    /// Start, flags and size as `sigaltstack` stores them for a thread whose stack pointer is `sp`.
    pub(crate) fn describe(&self, sp: u32) -> [u32; 3] {
        let state = match self.size_bytes {
            0 => SS_DISABLE,
            _ if self.holds(sp) => SS_ONSTACK,
            _ => 0,
        };
        let disarms = if self.disarms { SS_AUTODISARM } else { 0 };
        [self.start, state | disarms, self.size_bytes]
    }

    /// Whether a thread whose stack pointer is `sp` runs on it. A stack with `SS_AUTODISARM` never counts as in
    /// use.
    pub(crate) fn holds(&self, sp: u32) -> bool {
        !self.disarms && sp.wrapping_sub(self.start).wrapping_sub(1) < self.size_bytes
    }

    /// Where the stack of a handler with `SA_ONSTACK` starts, when the thread's stack pointer is `sp`.
    pub(crate) fn top(&self, sp: u32) -> Option<u32> {
        if self.size_bytes == 0 || self.holds(sp) {
            return None;
        }
        self.start.checked_add(self.size_bytes)
    }

    /// Whether it is forgotten while a handler runs on it.
    pub(crate) fn disarms(&self) -> bool {
        self.disarms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_in_use_from_its_top_down() {
        let stack = AlternateStack::new(0x1000, 0, 0x1000).expect("a good stack");
        assert_eq!(stack.top(0x5000), Some(0x2000));
        assert_eq!(stack.top(0x2000), None);
        assert_eq!(stack.top(0x1800), None);
        assert_eq!(stack.top(0x1000), Some(0x2000));
        assert_eq!(stack.describe(0x1800), [0x1000, SS_ONSTACK, 0x1000]);
        assert_eq!(stack.describe(0x800), [0x1000, 0, 0x1000]);
    }

    #[test]
    fn bad_stacks_are_refused_as_linux_does() {
        assert_eq!(AlternateStack::new(0, 4, 8192), Err(Errno::EINVAL));
        assert_eq!(AlternateStack::new(0, 0, 2047), Err(Errno::ENOMEM));
        let disabled = AlternateStack::new(7, SS_DISABLE, 0).expect("disabling");
        assert_eq!(disabled.describe(0), [0, SS_DISABLE, 0]);
        assert!(disabled.is(0, 0, 0) && !disabled.is(0, 0, 1) && !disabled.is(1, 0, 0));
    }
}
