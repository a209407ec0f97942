//! Runs a program without a network: `run_without_network PROGRAM [ARGUMENTS…]`.
//!
//! Its calls about sockets fail with `EPERM`. So do those of its threads and children, and those of modules
//! that they execute: this command is started again for them. Native programs that they execute nobody
//! judges; to rule those out as well, a policy refuses `execve` and `execveat`.

use std::convert::Infallible;
use std::process::ExitCode;

use wali_runtime::{Builder, EngineProgram, Errno, Policy, Syscall, Verdict};

/// Refuses every call of the network family, and judges no other.
struct NoNetwork;

impl Policy for NoNetwork {
    fn judges(&self, call: &'static Syscall) -> bool {
        call.family == "network"
    }

    fn judge(&self, _call: &'static Syscall, _args: &[i64]) -> Verdict {
        Verdict::Refuse(Errno::EPERM)
    }
}

/// Becomes the program; otherwise tells why not, and the exit status that says so.
fn run() -> Result<Infallible, (String, u8)> {
    // What a user types, and what this command is started with for a module that the program executes.
    let builder = Builder::from_args(std::env::args_os().skip(1))
        .ok_or_else(|| ("give a program and its arguments".to_owned(), 2))?;
    let runtime = builder
        .policy(NoNetwork)
        .engine(EngineProgram::this())
        .load()
        .map_err(|error| (error.to_string(), error.exit_status()))?;
    runtime.run().map_err(|error| (error.to_string(), 126))
}

fn main() -> ExitCode {
    let Err((message, status)) = run();
    eprintln!("run_without_network: {message}");
    ExitCode::from(status)
}
