//! `cargo xtask codegen`: writes the files that are generated from `wali-abi` and checked in.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cx::Cx;
use crate::test::case::Tally;
use crate::test::compare::difference;

/// Command line of `cargo xtask codegen`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail when a file is not what would be written
    #[arg(long)]
    check: bool,
}

/// A generated file, and what makes its text.
type Generated = (&'static str, fn() -> String);

const FILES: [Generated; 1] = [("docs/syscalls.md", wali_abi::codegen::syscalls_markdown)];

/// Writes the files, or checks them.
///
/// # Errors
/// When a file cannot be written, or with `--check` is not up to date.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<()> {
    for (name, generate) in FILES {
        let (path, text) = (cx.root().join(name), generate());
        let old = fs::read(&path).unwrap_or_default();
        if args.check {
            check(&path, &old, &text)?;
        } else if old != text.as_bytes() {
            fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
            cx.say(format!("wrote {name}"));
        }
    }
    Ok(())
}

/// The suite `generated`: the files are up to date.
///
/// # Errors
/// When one is not.
pub(crate) fn test(cx: &Cx, _filter: &str) -> Result<Tally> {
    run(cx, &Args { check: true })?;
    Ok(Tally {
        passed: FILES.len(),
        ..Tally::default()
    })
}

fn check(path: &Path, old: &[u8], text: &str) -> Result<()> {
    if let Some(why) = difference("the file", text.as_bytes(), old) {
        bail!(
            "{} is not up to date: {why}\nhelp: cargo xtask codegen",
            path.display()
        );
    }
    Ok(())
}
