//! `wali-engine compile`: compiles a program into a file that starts at once.
//!
//! What compiles is another program, which takes this one's place and knows the options.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use wali_runtime::CompilerProgram;

use super::failure::Failure;

/// The exit status when there is no compiler.
const NO_COMPILER: u8 = 127;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The module and the options of the compiler; `--help` shows them.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "OPTIONS"
    )]
    args: Vec<OsString>,
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    let compiler = CompilerProgram::beside_this();
    let error = Command::new(compiler.path())
        // Its messages are this command's.
        .arg0("wali-engine")
        .arg("compile")
        .args(&args.args)
        .exec();
    Err(Failure {
        message: format!(
            "the compiler {} does not start: {error}; install it there",
            compiler.path().display()
        ),
        status: NO_COMPILER,
    })
}
