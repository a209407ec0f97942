//! `--strace-summary`: counts, errors and times by call.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use wali_abi::Syscall;

#[derive(Clone, Copy, Default)]
struct Count {
    calls: u64,
    errors: u64,
    time: Duration,
}

/// What was counted so far.
#[derive(Default)]
pub(super) struct Summary {
    counts: Mutex<BTreeMap<&'static str, Count>>,
}

impl Summary {
    /// Counts a call.
    pub(super) fn count(&self, syscall: &'static Syscall, failed: bool, time: Duration) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(syscall.name).or_default();
        count.calls += 1;
        count.errors += u64::from(failed);
        count.time += time;
    }

    /// The table, the call that took longest first.
    pub(super) fn report(&self) -> String {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rows: Vec<(&str, Count)> =
            counts.iter().map(|(name, count)| (*name, *count)).collect();
        rows.sort_by_key(|(_, count)| std::cmp::Reverse(count.time));
        let mut text = format!("{:>10} {:>8} {:>8}  call\n", "seconds", "calls", "errors");
        for (
            name,
            Count {
                calls,
                errors,
                time,
            },
        ) in rows
        {
            let seconds = time.as_secs_f64();
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{seconds:>10.6} {calls:>8} {errors:>8}  {name}");
        }
        text
    }
}
