//! `wali-engine compile`: compiles a program into a file that starts at once.

use std::path::PathBuf;

use super::Failure;
use crate::engine::{LEVELS, Optimization, Target};
use crate::loader;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Where the compiled program goes; beside the module by default, with the ending .cwasm.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What it is to run on: `host`, this very kind of processor; a level that many processors have;
    /// `interpreter`, which runs it without executable memory.
    #[arg(long, default_value = "host", value_parser = target)]
    target: Target,
    /// How hard the compiler tries: 0 not at all, 2 for speed, s for speed and small code.
    #[arg(short = 'O', value_name = "LEVEL", default_value = "2", value_parser = optimization)]
    optimization: Optimization,
    /// The module.
    module: PathBuf,
}

pub(super) fn run(args: Args) -> Result<u8, Failure> {
    let output = args
        .output
        .unwrap_or_else(|| args.module.with_extension("cwasm"));
    loader::compile_file(&args.module, &output, args.target, args.optimization)?;
    Ok(0)
}

fn target(text: &str) -> Result<Target, String> {
    match text {
        "host" => Ok(Target::Host),
        "interpreter" => Ok(Target::Interpreter),
        _ => LEVELS
            .iter()
            .find(|level| level.name == text)
            .map(Target::Level)
            .ok_or_else(|| {
                let levels: Vec<&str> = LEVELS.iter().map(|level| level.name).collect();
                format!("choose host, interpreter, {}", levels.join(", "))
            }),
    }
}

fn optimization(text: &str) -> Result<Optimization, String> {
    match text {
        "0" => Ok(Optimization::None),
        "2" => Ok(Optimization::Speed),
        "s" => Ok(Optimization::SpeedAndSize),
        _ => Err("choose 0, 2 or s".to_owned()),
    }
}
