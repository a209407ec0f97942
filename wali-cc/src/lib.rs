//! The compiler driver: turns a C compiler's command line into one for clang that makes WALI
//! modules, and checks what was linked.

pub mod changes;
pub mod check;
pub mod command;
pub mod config;
pub mod explain;
pub mod link;
pub mod locate;
mod own;
pub mod plan;
pub mod probes;
pub mod response;
pub mod rows;
pub mod run;
pub mod setjmp;
mod survey;
