//! Waiting on a word of guest memory, for the Wasm instructions that do.

use std::ptr;
use std::time::Duration;

use crate::calls::gate::serve;
use crate::kernel::Errno;
use crate::kernel::syscall::Outcome;
use crate::program::{Cx, Stop};
use crate::signals::guest_syscall;

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    /// By a notification.
    Notified,
    /// The word did not have the expected value.
    Changed,
    /// The time is over.
    TimedOut,
}

/// Waits until `word` is notified, if it holds `expected`; `None` waits for ever. The calling
/// thread's signals are handled as in a system call.
///
/// `word` is an address in guest memory; the kernel finds out whether it can be read.
///
/// # Errors
/// What a signal handler leaves the guest's frames with.
pub(crate) fn wait(
    cx: &mut Cx<'_>,
    word: usize,
    expected: u32,
    timeout: Option<Duration>,
) -> wasmtime::Result<Woken> {
    let timeout = timeout.map(|timeout| libc::timespec {
        tv_sec: timeout.as_secs().try_into().unwrap_or(libc::time_t::MAX),
        tv_nsec: timeout.subsec_nanos().into(),
    });
    let timeout = timeout.as_ref().map_or(ptr::null(), ptr::from_ref);
    let args = [
        word as i64,
        libc::FUTEX_WAIT.into(),
        expected.into(),
        timeout.addr() as i64,
        0,
        0,
    ];
    let result = serve(cx, |_| match guest_syscall(libc::SYS_futex, &args) {
        Outcome::Done(result) => Ok(Errno::check(result)?),
        Outcome::Interrupted => Err(Stop::Interrupted),
    })?;
    Ok(match Errno::check(result) {
        Ok(_) => Woken::Notified,
        Err(Errno::ETIMEDOUT) => Woken::TimedOut,
        // Interrupted: to the waiter it is as if it had been notified, which it has to expect.
        Err(Errno::EINTR) => Woken::Notified,
        Err(_) => Woken::Changed,
    })
}
