//! Tests of the command `wali-engine`: what it does with modules written by hand.

mod bad_input;
mod cache;
mod casts;
mod compile;
mod ends;
mod interpreter;
mod progress;
mod start;
mod workplace;
