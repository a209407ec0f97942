//! Tests of the command `wali-engine`: what it does with modules written by hand.

mod bad_input;
mod cache;
mod ends;
mod interpreter;
mod start;
mod workplace;
