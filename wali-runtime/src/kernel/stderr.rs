//! Standard error without the lock that Rust's own has: a fork could catch it closed, by a thread that the
//! new process does not have.

use std::io::{self, Write};

/// Standard error. What is written in one piece stays in one piece.
pub(crate) struct Unlocked;

impl Write for Unlocked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(rustix::stdio::stderr(), bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
