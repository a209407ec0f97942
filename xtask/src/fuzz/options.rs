//! What every kind of fuzzing is told on the command line.

use std::time::{Duration, Instant};

/// How long, and where to begin.
#[derive(clap::Args)]
pub(super) struct Options {
    /// How long to go on
    #[arg(long, default_value_t = 60, value_name = "N")]
    seconds: u64,
    /// The first of the random numbers; the same seed tries the same again
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub(super) seed: u64,
}

impl Options {
    /// When to stop, counted from now.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + Duration::from_secs(self.seconds)
    }
}
