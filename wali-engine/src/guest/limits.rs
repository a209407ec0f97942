//! The resource limits that the guest sees where the engine cannot live with them: address space,
//! data and stack hold for more than the program's own memory.
//!
//! They are kept here.

use std::sync::atomic::{AtomicU64, Ordering};

use super::layout::Rlimit;
use crate::Errno;
use crate::host::process;

/// Their values. There is no lock that a fork would have to hold.
#[derive(Debug)]
pub struct Limits {
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

impl Limits {
    /// The process's own limits.
    pub fn of_host() -> Limits {
        Limits {
            values: RESOURCES.map(process::resource_limit).map(|limit| Value {
                soft: AtomicU64::new(limit.cur),
                hard: AtomicU64::new(limit.max),
            }),
        }
    }

    /// Lifts the process's own limits on memory: the reservation counts against them, though it is
    /// not memory.
    pub(crate) fn lift(&self) {
        for resource in [libc::RLIMIT_AS as i32, libc::RLIMIT_DATA as i32] {
            let limited = |limit: Rlimit| limit.cur.min(limit.max) != libc::RLIM_INFINITY;
            if self.get(resource).is_some_and(limited) {
                process::lift_resource_limit(resource);
            }
        }
    }

    /// Runs `exec`, which starts another program or fails, while the process's own limits are the
    /// guest's: such a program inherits them. A hard limit that the guest has lowered may stay.
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

    /// What the guest's memory may grow to, in bytes; `None` is unlimited.
    ///
    /// Differs from Linux: data and address space are counted alike, by what is mapped.
    pub(crate) fn memory_bytes(&self) -> Option<u64> {
        let least = self.values[0].load().cur.min(self.values[1].load().cur);
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
