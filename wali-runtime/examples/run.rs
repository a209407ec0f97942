//! Runs a program: `run PROGRAM [ARGUMENTS…]`.

use std::process::ExitCode;

use wali_runtime::Runtime;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let Some(path) = args.next() else {
        eprintln!("usage: run PROGRAM [ARGUMENTS…]");
        return ExitCode::from(2);
    };
    let runtime = match Runtime::builder(path).args(args).load() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("run: {error}");
            return ExitCode::from(error.exit_status());
        }
    };
    // The process ends as the program does.
    let Err(error) = runtime.run();
    eprintln!("run: {error}");
    ExitCode::from(126)
}
