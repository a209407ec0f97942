//! What tests are made with: programs are built, run in fixed surroundings, judged and counted.
//!
//! The suites, in `test.rs`, and the tests of applications, in `apps.rs`, stand on it; it knows neither.

pub(crate) mod calls;
pub(crate) mod case;
pub(crate) mod compare;
pub(crate) mod differential;
pub(crate) mod directives;
pub(crate) mod sandbox;
