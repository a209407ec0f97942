//! `wali-engine inspect`: what a module is made of and what it lacks.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use wali_artifact::{LoadError, open, read_module};
use wali_module::{ImportKind, Inspection};
use wali_text::shown;

use super::failure::Failure;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The module.
    program: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    let (file, _) = open(&args.program)?;
    let bytes = read_module(&args.program, file)?;
    let inspection =
        wali_module::inspect(&bytes).map_err(|error| LoadError::invalid(&args.program, error))?;
    let problems = wali_module::problems(&inspection);
    let mut text = report(&inspection);
    if problems.is_empty() {
        text.push_str("missing: nothing\n");
    } else {
        text.push_str("missing:\n");
        for problem in &problems {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {problem}");
        }
    }
    // A reader that has seen enough is no failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(u8::from(!problems.is_empty()))
}

fn report(inspection: &Inspection) -> String {
    let mut text = String::new();
    let _ = match inspection.memory {
        Some(memory) => writeln!(
            text,
            "memory: {} KiB, at most {} KiB{}{}",
            u64::from(memory.initial_pages) * 64,
            u64::from(memory.max_pages) * 64,
            if memory.shared { ", shared" } else { "" },
            if memory.imported { ", imported" } else { "" },
        ),
        None => writeln!(text, "memory: none"),
    };
    let features = match inspection.features.as_slice() {
        [] => "none".to_owned(),
        features => features.join(", "),
    };
    let _ = writeln!(text, "features: {features}");
    let _ = writeln!(text, "functions: {}", inspection.n_functions);
    let _ = writeln!(text, "imports: {}", inspection.imports.len());
    for import in &inspection.imports {
        let (module, name) = (shown(&import.module), shown(&import.name));
        let _ = match &import.kind {
            ImportKind::Function(signature) => {
                writeln!(text, "  {module}::{name} {signature}")
            }
            ImportKind::Memory => writeln!(text, "  {module}::{name} memory"),
            ImportKind::Other(kind) => {
                writeln!(text, "  {module}::{name} {kind}")
            }
        };
    }
    let _ = writeln!(text, "exports: {}", inspection.exports.len());
    for (kind, name) in &inspection.exports {
        let _ = writeln!(text, "  {} {kind}", shown(name));
    }
    text
}
