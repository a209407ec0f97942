//! What the guest wants done with each signal.
//!
//! The host's signal handler reads the table, and may not wait for a lock there. So each entry has two versions:
//! the writer fills the one not in use and then switches over. A handler that interrupts the writer reads the
//! old version.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

use crate::kernel::{SIGNAL_MAX, SigSet};

/// The default action. The guest's `SIG_DFL` is the same.
pub(crate) const SIG_DFL: u32 = 0;
/// The ignoring action: the interface's `SIG_IGN`, -2, which is no index of a function table.
pub(crate) const SIG_IGN: u32 = u32::MAX - 1;

/// One `struct sigaction`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Action {
    /// The handler's index in the guest's function table, or [`SIG_DFL`] or [`SIG_IGN`].
    pub(crate) handler: u32,
    /// `SA_…`.
    pub(crate) flags: u32,
    /// The guest's restorer, which is only kept.
    pub(crate) restorer: u32,
    /// Blocked while the handler runs.
    pub(crate) mask: SigSet,
}

impl Action {
    /// The action of a signal that the guest has not set.
    pub(crate) const DEFAULT: Action = Action {
        handler: SIG_DFL,
        flags: 0,
        restorer: 0,
        mask: SigSet::EMPTY,
    };

    /// The default action or the ignoring one, without flags.
    pub(crate) const fn plain(handler: u32) -> Action {
        Action {
            handler,
            ..Action::DEFAULT
        }
    }

    /// Whether `flag` is set.
    pub(crate) const fn has(&self, flag: i32) -> bool {
        self.flags & flag.cast_unsigned() != 0
    }

    /// Whether a function of the guest handles the signal.
    pub(crate) const fn is_handled(&self) -> bool {
        !matches!(self.handler, SIG_DFL | SIG_IGN)
    }
}

/// Which change of an entry an action came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version(u32);

struct Fields {
    handler: AtomicU32,
    flags: AtomicU32,
    restorer: AtomicU32,
    mask: AtomicU64,
}

/// An entry: the number of changes so far, the lowest bit of which selects the version in use.
struct Entry {
    version: AtomicU32,
    fields: [Fields; 2],
}

/// The process's table.
pub(crate) struct Actions {
    entries: [Entry; SIGNAL_MAX as usize],
    /// Held while an entry is changed, and across a fork.
    writer: Mutex<()>,
}

/// The actions of this process.
pub(crate) static ACTIONS: Actions = Actions::new();

impl Fields {
    const fn new() -> Fields {
        Fields {
            handler: AtomicU32::new(SIG_DFL),
            flags: AtomicU32::new(0),
            restorer: AtomicU32::new(0),
            mask: AtomicU64::new(0),
        }
    }
}

impl Actions {
    const fn new() -> Actions {
        Actions {
            entries: [const {
                Entry {
                    version: AtomicU32::new(0),
                    fields: [Fields::new(), Fields::new()],
                }
            }; SIGNAL_MAX as usize],
            writer: Mutex::new(()),
        }
    }

    fn entry(&self, signal: i32) -> &Entry {
        &self.entries[(signal - 1) as usize]
    }

    /// The action for `signal`, 1 to 64; safe to call in a signal handler.
    pub(crate) fn get(&self, signal: i32) -> (Action, Version) {
        let entry = self.entry(signal);
        loop {
            let version = entry.version.load(Ordering::Acquire);
            let fields = &entry.fields[(version & 1) as usize];
            let action = Action {
                handler: fields.handler.load(Ordering::Relaxed),
                flags: fields.flags.load(Ordering::Relaxed),
                restorer: fields.restorer.load(Ordering::Relaxed),
                mask: SigSet::from_bits(fields.mask.load(Ordering::Relaxed)),
            };
            fence(Ordering::Acquire);
            if entry.version.load(Ordering::Relaxed) == version {
                return (action, Version(version));
            }
        }
    }

    /// Whether the guest has neither set nor asked for the action of `signal`: then only the kernel knows it.
    pub(crate) fn is_untouched(&self, signal: i32) -> bool {
        self.entry(signal).version.load(Ordering::Relaxed) == 0
    }

    /// Locks the table against other writers.
    pub(crate) fn lock(&self) -> ActionsGuard<'_> {
        let guard = self
            .writer
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        ActionsGuard {
            actions: self,
            _guard: guard,
        }
    }
}

/// The right to change the table.
pub(crate) struct ActionsGuard<'a> {
    actions: &'a Actions,
    _guard: std::sync::MutexGuard<'a, ()>,
}

impl ActionsGuard<'_> {
    /// Changes the action for `signal`, 1 to 64.
    pub(crate) fn set(&self, signal: i32, action: Action) {
        let entry = self.actions.entry(signal);
        let next = entry.version.load(Ordering::Relaxed).wrapping_add(1);
        // Version 0 means untouched.
        let next = if next == 0 { 2 } else { next };
        let fields = &entry.fields[(next & 1) as usize];
        // A reader that sees a field written below must also see that its version is out of use.
        fence(Ordering::Release);
        fields.handler.store(action.handler, Ordering::Relaxed);
        fields.flags.store(action.flags, Ordering::Relaxed);
        fields.restorer.store(action.restorer, Ordering::Relaxed);
        fields.mask.store(action.mask.bits(), Ordering::Relaxed);
        entry.version.store(next, Ordering::Release);
    }

    /// Puts the default action back after the delivery of a one-shot handler, unless the entry has
    /// been changed since `version`.
    pub(crate) fn reset_since(&self, signal: i32, version: Version) {
        if self.actions.entry(signal).version.load(Ordering::Relaxed) == version.0 {
            self.set(signal, Action::DEFAULT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_one_shot_reset_spares_a_newer_action() {
        let actions = Actions::new();
        let first = Action::plain(7);
        actions.lock().set(libc::SIGUSR1, first);
        let (action, version) = actions.get(libc::SIGUSR1);
        assert_eq!(action, first);
        actions.lock().set(libc::SIGUSR1, Action::plain(8));
        actions.lock().reset_since(libc::SIGUSR1, version);
        let (action, version) = actions.get(libc::SIGUSR1);
        assert_eq!(action.handler, 8);
        actions.lock().reset_since(libc::SIGUSR1, version);
        assert_eq!(actions.get(libc::SIGUSR1).0, Action::DEFAULT);
    }

    #[test]
    fn readers_never_see_half_a_change() {
        let actions = Actions::new();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for n in 2..200_000_u32 {
                    actions.lock().set(
                        1,
                        Action {
                            handler: n,
                            flags: n,
                            restorer: n,
                            mask: SigSet::from_bits(u64::from(n)),
                        },
                    );
                }
            });
            for _ in 0..200_000 {
                let (action, _) = actions.get(1);
                assert_eq!(action.handler, action.flags);
                assert_eq!(action.handler, action.restorer);
                assert_eq!(u64::from(action.handler), action.mask.bits());
            }
        });
    }
}
