//! What makes code of a module that was prepared.

mod cranelift;
mod target;

use std::fmt;

pub use cranelift::cranelift;
pub use target::{LEVELS, Level, Optimization, Target};

/// A compiler of modules that were prepared.
pub trait Backend: Sync {
    /// The code of `module`, in the form in which `wali-runtime` loads it.
    ///
    /// # Errors
    /// The module is not valid, or larger than the compiler takes.
    fn compile(&self, module: &[u8]) -> Result<Vec<u8>, BackendError>;
}

/// Why there is no code, or no backend: the sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendError(pub String);

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BackendError {}
