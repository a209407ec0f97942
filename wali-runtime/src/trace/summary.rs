//! `--strace-summary`: counts, errors and times by call.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};
use std::time::Duration;

use wali_abi::{SYSCALLS, Syscall};

thread_local! {
    /// The line so far of a call that replaces the program if it succeeds.
    static EXEC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Notes that a call starts which replaces the program if it succeeds; its line begins with `line`.
pub(super) fn begin_exec(line: String) {
    EXEC.set(Some(line));
}

/// The line of the call in progress, if it is such a call.
pub(super) fn take_exec() -> Option<String> {
    EXEC.take()
}

/// What was counted of a call.
#[derive(Default)]
struct Count {
    calls: AtomicU64,
    errors: AtomicU64,
    whole_ns: AtomicU64,
    kernel_ns: AtomicU64,
}

/// A row of the report.
struct Row {
    name: &'static str,
    calls: u64,
    errors: u64,
    whole_ns: u64,
    kernel_ns: u64,
}

/// What was counted so far, by the call's place in the spec's table. It has no lock, since a child could inherit
/// that closed.
pub(super) struct Summary {
    counts: Vec<Count>,
    /// The process that the counts are of; a child starts anew.
    process: AtomicI32,
}

impl Default for Summary {
    fn default() -> Summary {
        Summary {
            counts: SYSCALLS.iter().map(|_| Count::default()).collect(),
            process: AtomicI32::new(std::process::id().cast_signed()),
        }
    }
}

impl Summary {
    /// Counts a call of thread `tid`.
    pub(super) fn count(
        &self,
        tid: i32,
        syscall: &'static Syscall,
        failed: bool,
        whole: Duration,
        kernel: Duration,
    ) {
        self.follow_fork(tid);
        let Some(count) = SYSCALLS
            .iter()
            .position(|call| call.name == syscall.name)
            .and_then(|index| self.counts.get(index))
        else {
            return;
        };
        let nanoseconds = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        count.calls.fetch_add(1, Ordering::Relaxed);
        count.errors.fetch_add(u64::from(failed), Ordering::Relaxed);
        count
            .whole_ns
            .fetch_add(nanoseconds(whole), Ordering::Relaxed);
        count
            .kernel_ns
            .fetch_add(nanoseconds(kernel), Ordering::Relaxed);
    }

    /// Forgets what the parent counted. The first call of a child comes from its only thread, whose number is the
    /// process's.
    fn follow_fork(&self, tid: i32) {
        let process = self.process.load(Ordering::Relaxed);
        if tid == process || std::process::id().cast_signed() == process {
            return;
        }
        self.process
            .store(std::process::id().cast_signed(), Ordering::Relaxed);
        for count in &self.counts {
            for number in [
                &count.calls,
                &count.errors,
                &count.whole_ns,
                &count.kernel_ns,
            ] {
                number.store(0, Ordering::Relaxed);
            }
        }
    }

    fn rows(&self) -> Vec<Row> {
        let rows = SYSCALLS.iter().zip(&self.counts).map(|(call, count)| Row {
            name: call.name,
            calls: count.calls.load(Ordering::Relaxed),
            errors: count.errors.load(Ordering::Relaxed),
            whole_ns: count.whole_ns.load(Ordering::Relaxed),
            kernel_ns: count.kernel_ns.load(Ordering::Relaxed),
        });
        let mut rows: Vec<Row> = rows.filter(|row| row.calls > 0).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.whole_ns));
        rows
    }

    /// The table, the call that took longest first, and the sum. What the engine did with a call is the
    /// time that the kernel did not take.
    pub(super) fn report(&self) -> String {
        let rows = self.rows();
        let sum = |value: fn(&Row) -> u64| rows.iter().map(value).sum::<u64>();
        let total = Row {
            name: "total",
            calls: sum(|row| row.calls),
            errors: sum(|row| row.errors),
            whole_ns: sum(|row| row.whole_ns),
            kernel_ns: sum(|row| row.kernel_ns),
        };
        let mut text = format!(
            "{:>6} {:>10} {:>10} {:>10} {:>8} {:>8}  call\n",
            "% time", "seconds", "kernel", "engine", "calls", "errors"
        );
        for row in rows.iter().chain([&total]) {
            let seconds = |ns: u64| ns as f64 / 1e9;
            let share = 100.0 * row.whole_ns as f64 / total.whole_ns.max(1) as f64;
            let engine_ns = row.whole_ns.saturating_sub(row.kernel_ns);
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{share:>6.2} {:>10.6} {:>10.6} {:>10.6} {:>8} {:>8}  {}",
                seconds(row.whole_ns),
                seconds(row.kernel_ns),
                seconds(engine_ns),
                row.calls,
                row.errors,
                row.name,
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_summed_up_and_a_child_starts_anew() {
        let summary = Summary::default();
        let pid = std::process::id().cast_signed();
        let read = wali_abi::syscall("read").expect("in the spec");
        let open = wali_abi::syscall("openat").expect("in the spec");
        let ms = Duration::from_millis;
        summary.count(pid, read, false, ms(3), ms(2));
        summary.count(pid, read, true, ms(3), ms(2));
        summary.count(pid, open, true, ms(2), ms(2));
        let report = summary.report();
        let lines: Vec<Vec<&str>> = report
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert_eq!(
            lines[1],
            [
                "75.00", "0.006000", "0.004000", "0.002000", "2", "1", "read"
            ]
        );
        assert_eq!(lines[2][4..], ["1", "1", "openat"]);
        assert_eq!(lines[3][4..], ["3", "2", "total"]);
        // As in a child: another process counted.
        summary.process.store(pid + 1, Ordering::Relaxed);
        summary.count(pid, open, false, ms(1), ms(1));
        assert_eq!(summary.rows().len(), 1);
    }
}
