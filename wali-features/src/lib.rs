//! Gives the crates that engine and compiler share the same features: see the package's manifest.

#![forbid(unsafe_code)]
