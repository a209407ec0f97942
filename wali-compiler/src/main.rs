//! `wali-compiler`: the command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(wali_compiler::cli::main(std::env::args_os().collect()))
}
