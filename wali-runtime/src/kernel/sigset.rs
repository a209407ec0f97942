//! Sets of signals, as the kernel keeps them: bit `n - 1` stands for signal `n`.

use std::fmt;

/// The largest signal number.
pub(crate) const SIGNAL_MAX: i32 = 64;

/// A set of signals.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SigSet(u64);

impl SigSet {
    /// No signal.
    pub(crate) const EMPTY: SigSet = SigSet(0);
    /// Every signal.
    pub(crate) const FULL: SigSet = SigSet(u64::MAX);
    /// The signals that a fault of the running code raises. They must never be blocked: the kernel would end the
    /// process instead of running the engine's handler.
    pub(crate) const FAULTS: SigSet = SigSet::EMPTY
        .with(libc::SIGSEGV)
        .with(libc::SIGBUS)
        .with(libc::SIGILL)
        .with(libc::SIGFPE);
    /// The signals that nobody can block or handle.
    pub(crate) const UNSTOPPABLE: SigSet = SigSet::EMPTY.with(libc::SIGKILL).with(libc::SIGSTOP);

    /// The set with these bits.
    pub(crate) const fn from_bits(bits: u64) -> SigSet {
        SigSet(bits)
    }

    /// The bits.
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    /// The set with `signal`, a number from 1 to 64, added.
    pub(crate) const fn with(self, signal: i32) -> SigSet {
        SigSet(self.0 | 1 << (signal - 1))
    }

    /// Whether `signal`, a number from 1 to 64, is a member.
    pub(crate) const fn contains(self, signal: i32) -> bool {
        self.0 & (1 << (signal - 1)) != 0
    }

    /// The members of either.
    pub(crate) const fn union(self, other: SigSet) -> SigSet {
        SigSet(self.0 | other.0)
    }

    /// The members of both.
    pub(crate) const fn intersection(self, other: SigSet) -> SigSet {
        SigSet(self.0 & other.0)
    }

    /// The members that are not in `other`.
    pub(crate) const fn without(self, other: SigSet) -> SigSet {
        SigSet(self.0 & !other.0)
    }
}

impl fmt::Debug for SigSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries((1..=SIGNAL_MAX).filter(|&signal| self.contains(signal)))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_n_minus_1_is_signal_n() {
        let set = SigSet::EMPTY.with(1).with(64);
        assert_eq!(set.bits(), 1 | 1 << 63);
        assert!(set.contains(64) && !set.contains(2));
        assert_eq!(format!("{set:?}"), "{1, 64}");
        assert_eq!(set.without(set), SigSet::EMPTY);
    }
}
