//! What others have to know of a thread of the process, and how many threads there are.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::RobustList;
use crate::memory::GuestPtr;

/// What the kernel would keep of one thread.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ThreadState {
    /// The word that is cleared and woken when the thread ends.
    pub(crate) clear_child_tid: Option<GuestPtr<u32>>,
    /// Whether it is among the threads that [`Threads`] counts.
    pub(crate) is_counted: bool,
}

/// The threads of the process.
#[derive(Debug, Default)]
pub(crate) struct Threads {
    /// Held for reading while a thread uses what wasmtime shares between threads, for writing across a fork. So
    /// nothing in the child is locked by a thread that it does not have.
    shared: RwLock<()>,
    /// The robust lists, of the threads that have one.
    robust: Mutex<BTreeMap<i32, RobustList>>,
    /// How many threads the program has besides the first. A thread that was joined does not count, even while the
    /// kernel still has it.
    others: AtomicUsize,
}

/// What a fork holds of [`Threads`].
pub(crate) struct ForkGuard<'a> {
    _shared: RwLockWriteGuard<'a, ()>,
    _robust: MutexGuard<'a, BTreeMap<i32, RobustList>>,
}

impl Threads {
    /// Keeps forks away while something that all threads share is in use. Not to be nested.
    pub(crate) fn use_shared(&self) -> RwLockReadGuard<'_, ()> {
        self.shared.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nothing shared is in use, and keeps it so.
    pub(crate) fn lock_for_fork(&self) -> ForkGuard<'_> {
        ForkGuard {
            _shared: self.shared.write().unwrap_or_else(PoisonError::into_inner),
            _robust: self.robust(),
        }
    }

    /// Forgets in a new process what belonged to threads that it does not have.
    pub(crate) fn become_only_thread(&self) {
        self.robust().clear();
        self.others.store(0, Ordering::Relaxed);
    }

    /// Whether the program knows of one thread only, whatever the kernel still has.
    pub(crate) fn is_one(&self) -> bool {
        self.others.load(Ordering::Acquire) == 0
    }

    /// Counts a thread that is about to begin.
    pub(crate) fn begin_one(&self) {
        self.others.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes back [`begin_one`](Self::begin_one): the thread is over, or could not begin.
    pub(crate) fn end_one(&self) {
        self.others.fetch_sub(1, Ordering::Release);
    }

    /// The robust lists by thread number.
    pub(crate) fn robust(&self) -> MutexGuard<'_, BTreeMap<i32, RobustList>> {
        self.robust.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
