//! The command `wali-engine`: a thin face over `wali-runtime`, which runs programs, `wali-artifact`,
//! which keeps them, and `wali-module`, which looks into them. What compiles is a program of its own,
//! `wali-compiler`.

#![forbid(unsafe_code)]

pub mod cli;
