//! `cargo xtask codegen`: writes the files that are generated from `wali-abi` and from what the tests
//! say of themselves, and checked in.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cx::Cx;
use crate::harness::calls::tested_calls;
use crate::harness::case::Tally;
use crate::harness::compare::difference;

/// Command line of `cargo xtask codegen`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail when a file is not what would be written
    #[arg(long)]
    check: bool,
}

/// The tests of each system call, by its name.
type Tests = BTreeMap<String, Vec<String>>;

/// A generated file, and what makes its text.
type Generated = (&'static str, fn(&Tests) -> String);

const FILES: [Generated; 2] = [
    ("docs/syscalls.md", wali_abi::codegen::syscalls_markdown),
    ("wali-engine/src/cli/tests.txt", tests_list),
];

/// A line for each call that has tests: its name and theirs.
fn tests_list(tests: &Tests) -> String {
    let line = |(call, names): (&String, &Vec<String>)| format!("{call} {}\n", names.join(" "));
    tests.iter().map(line).collect()
}

/// Writes the files, or checks them.
///
/// # Errors
/// When a file cannot be written, or with `--check` is not up to date.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<()> {
    let tests = tested_calls(cx)?;
    for (name, generate) in FILES {
        let (path, text) = (cx.root().join(name), generate(&tests));
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
