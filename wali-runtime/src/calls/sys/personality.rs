//! `personality`.
//!
//! By hand for one bit, with which the guest's memory would become executable on the host.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::calls::gate::kernel;
use crate::program::{Cx, SysResult};

/// `READ_IMPLIES_EXEC`.
const READ_IMPLIES_EXEC: u32 = 0x0040_0000;

/// Asks for the present value.
const QUERY: u32 = u32::MAX;

/// Whether the guest has set the bit. A forked child has its own copy.
static IMPLIES_EXEC: AtomicBool = AtomicBool::new(false);

/// `personality(persona)`: returns the one before.
///
/// # Errors
/// - `EINVAL`: programs of that kind do not run on this processor.
/// - Other errors are the kernel's.
pub(super) fn personality(cx: &mut Cx<'_>, persona: u32) -> SysResult {
    let sets = persona != QUERY;
    // Differs from Linux: the bit has no effect, since guest memory is never executable.
    let kept = match sets {
        true => persona & !READ_IMPLIES_EXEC,
        false => persona,
    };
    let before = kernel(cx, libc::SYS_personality, &[kept.into()])?;
    let implied = match sets {
        true => IMPLIES_EXEC.swap(persona & READ_IMPLIES_EXEC != 0, Ordering::Relaxed),
        false => IMPLIES_EXEC.load(Ordering::Relaxed),
    };
    let bit = if implied { READ_IMPLIES_EXEC } else { 0 };
    Ok(before | i64::from(bit))
}
