//! How a command fails.

use wali_artifact::LoadError;

/// The exit status for a command line that cannot be understood.
pub(super) const USAGE: u8 = 2;

/// Why a command failed, and the exit status that says so.
pub(super) struct Failure {
    pub(super) message: String,
    pub(super) status: u8,
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Failure {
        Failure {
            message: error.to_string(),
            status: error.exit_status(),
        }
    }
}
