//! What planning does to a command line: changes of arguments, and refusals.

use std::ffi::OsString;

/// A rewrite that was made, for `--wali-explain`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The user's words; empty when something was added.
    pub from: Vec<OsString>,
    /// What stands in their place; empty when they were dropped.
    pub to: Vec<OsString>,
    /// Why.
    pub reason: &'static str,
    /// Where the fact comes from.
    pub source: &'static str,
}

/// An argument that cannot be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The words refused.
    pub words: Vec<OsString>,
    /// Why.
    pub reason: &'static str,
    /// What to do instead.
    pub help: &'static str,
}
