//! What a person sees while work goes on: lines, steps with a bar, downloads.
//!
//! Everything goes to standard error. On a terminal steps are bars; elsewhere (CI, a file) they are
//! plain lines, a few for each step, so that a log stays readable.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// Where progress is shown; cheap to clone.
#[derive(Clone)]
pub(crate) struct Progress {
    bars: MultiProgress,
    terminal: bool,
}

impl Progress {
    /// Progress on standard error.
    pub(crate) fn new() -> Self {
        Self {
            bars: MultiProgress::new(),
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Prints one line above whatever bars are shown.
    pub(crate) fn line(&self, text: &str) {
        self.bars.suspend(|| eprintln!("{text}"));
    }

    /// A step of `total` equal parts; 0 when their number is unknown.
    pub(crate) fn step(&self, label: &str, total: u64) -> Step {
        self.start(label, total, "{spinner} {msg} [{bar:30}] {pos}/{len}")
    }

    /// A download of `total` bytes; 0 when the length is unknown.
    pub(crate) fn download(&self, label: &str, total: u64) -> Step {
        self.start(
            label,
            total,
            "{spinner} {msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec}",
        )
    }

    fn start(&self, label: &str, total: u64, template: &str) -> Step {
        let bar = self.terminal.then(|| {
            let template = if total == 0 {
                "{spinner} {msg} {elapsed}"
            } else {
                template
            };
            let bar = self.bars.add(ProgressBar::new(total));
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_message(label.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            self.line(&format!("{label} …"));
        }
        let counted = Counted {
            done: 0,
            percent: 0,
            printed_at: Instant::now(),
        };
        Step {
            progress: self.clone(),
            label: label.to_owned(),
            total,
            bar,
            counted: Mutex::new(counted),
            started: Instant::now(),
        }
    }
}

/// A running step; dropping it without [`Step::finish`] removes its bar silently.
pub(crate) struct Step {
    progress: Progress,
    label: String,
    total: u64,
    bar: Option<ProgressBar>,
    counted: Mutex<Counted>,
    started: Instant,
}

struct Counted {
    done: u64,
    percent: u64,
    printed_at: Instant,
}

/// How often a step without a terminal reports how far it is.
const PLAIN_INTERVAL: Duration = Duration::from_secs(10);

impl Step {
    /// Says that `n` more parts are done.
    pub(crate) fn advance(&self, n: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(n);
            return;
        }
        let Ok(mut counted) = self.counted.lock() else {
            return;
        };
        counted.done += n;
        self.print_sometimes(&mut counted);
    }

    /// Says that `done` parts are done and the step is at `message`.
    pub(crate) fn reach(&self, done: usize, message: &str) {
        if let Some(bar) = &self.bar {
            bar.set_position(done as u64);
            bar.set_message(message.to_owned());
            return;
        }
        let Ok(mut counted) = self.counted.lock() else {
            return;
        };
        counted.done = done as u64;
        self.print_sometimes(&mut counted);
    }

    fn print_sometimes(&self, counted: &mut Counted) {
        if self.total > 0 && counted.printed_at.elapsed() >= PLAIN_INTERVAL {
            counted.printed_at = Instant::now();
            // All parts are done only when the step says so.
            let percent = (counted.done * 100 / self.total).min(99);
            if std::mem::replace(&mut counted.percent, percent) == percent {
                return;
            }
            self.progress.line(&format!("{} … {percent} %", self.label));
        }
    }

    /// Ends the step and prints `result` and how long it took.
    pub(crate) fn finish(self, result: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let seconds = self.started.elapsed().as_secs_f64();
        self.progress.line(&format!("{result} ({seconds:.1} s)"));
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Prints a line that was asked for, to standard output. A reader that has gone is no error.
pub(crate) fn answer(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}
