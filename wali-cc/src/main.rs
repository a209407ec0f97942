//! `wali-cc`.
fn main() {}
