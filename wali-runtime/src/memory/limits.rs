//! The resource limits that the engine keeps in the kernel's place: address space, data and stack.
//!
//! The kernel would count the engine's own memory against them.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::kernel::structs::Rlimit;
use crate::kernel::{Errno, process};

/// Their values. There is no lock that a fork would have to hold.
#[derive(Debug)]
pub(crate) struct Limits {
    values: [Value; RESOURCES.len()],
}

#[derive(Debug)]
struct Value {
    soft: AtomicU64,
    hard: AtomicU64,
}

/// The resources, in the order of the values.
const RESOURCES: [i32; 3] = [
    libc::RLIMIT_AS as i32,
    libc::RLIMIT_DATA as i32,
    libc::RLIMIT_STACK as i32,
];

/// A smaller stack than this is too small for the engine, in bytes.
const LEAST_STACK: u64 = 1 << 20;

/// The limits that the process was started with.
static STARTED_WITH: OnceLock<[Rlimit; RESOURCES.len()]> = OnceLock::new();

impl Limits {
    /// Returns the limits that the process was started with, and lifts them for the engine. To be called before
    /// anything needs much memory; further calls change nothing.
    pub(crate) fn of_host() -> Limits {
        let mut is_first = false;
        let values = STARTED_WITH.get_or_init(|| {
            is_first = true;
            RESOURCES.map(process::resource_limit)
        });
        let limits = Limits {
            values: values.map(|limit| Value {
                soft: AtomicU64::new(limit.cur),
                hard: AtomicU64::new(limit.max),
            }),
        };
        if is_first {
            limits.lift();
        }
        limits
    }

    /// Lifts the process's own limits on memory, since the reservation counts against them without being memory.
    fn lift(&self) {
        for resource in RESOURCES {
            let least = match resource == libc::RLIMIT_STACK as i32 {
                true => LEAST_STACK,
                false => libc::RLIM_INFINITY,
            };
            let limited = |limit: Rlimit| limit.cur.min(limit.max) < least;
            if self.get(resource).is_some_and(limited) {
                process::lift_resource_limit(resource, least);
            }
        }
    }

    /// Runs `exec`, which starts another program or fails. Meanwhile the process's own limits are the guest's, since
    /// the program inherits them. A hard limit that the guest has lowered may stay so.
    pub(crate) fn while_in_force<T>(&self, exec: impl FnOnce() -> T) -> T {
        for (resource, value) in RESOURCES.into_iter().zip(&self.values) {
            process::set_resource_limit(resource, value.load());
        }
        let result = exec();
        self.lift();
        result
    }

    /// The value for `resource`, if it is kept here.
    pub(crate) fn get(&self, resource: i32) -> Option<Rlimit> {
        let at = RESOURCES.iter().position(|kept| *kept == resource)?;
        Some(self.values[at].load())
    }

    /// Sets the value for `resource`, which is kept here.
    ///
    /// # Errors
    /// - `EINVAL`: a soft value above the hard one.
    /// - `EPERM`: a hard value above the present one, without the right to that.
    pub(crate) fn set(&self, resource: i32, new: Rlimit) -> Result<(), Errno> {
        if new.cur > new.max {
            return Err(Errno::EINVAL);
        }
        let at = RESOURCES
            .iter()
            .position(|kept| *kept == resource)
            .ok_or(Errno::EINVAL)?;
        if new.max > self.values[at].load().max && !process::may_raise_limits() {
            return Err(Errno::EPERM);
        }
        self.values[at].store(new);
        Ok(())
    }

    /// How large the guest's memory may grow, in bytes; `None` is unlimited. The `initial_bytes` that a program
    /// starts with, its stack among them, do not count as data.
    ///
    /// Differs from Linux (setrlimit, prlimit64): `RLIMIT_DATA` and `RLIMIT_AS` count alike, by all that is
    /// mapped.
    pub(crate) fn memory_bytes(&self, initial_bytes: u64) -> Option<u64> {
        let [space, data, _] = &self.values;
        let data = data.load().cur.saturating_add(initial_bytes);
        let least = space.load().cur.min(data);
        (least != libc::RLIM_INFINITY).then_some(least)
    }
}

impl Value {
    fn load(&self) -> Rlimit {
        Rlimit {
            cur: self.soft.load(Ordering::Relaxed),
            max: self.hard.load(Ordering::Relaxed),
        }
    }

    fn store(&self, limit: Rlimit) {
        self.soft.store(limit.cur, Ordering::Relaxed);
        self.hard.store(limit.max, Ordering::Relaxed);
    }
}
