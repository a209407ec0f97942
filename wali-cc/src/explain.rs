//! What `--wali-explain` and a refusal print.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::Path;

use crate::changes::{Change, Refusal};

/// One line a change: what was added (`+`), dropped (`-`) or changed (`~`), and why.
pub fn changes(changes: &[Change]) -> String {
    let mut text = String::new();
    for change in changes {
        let (from, to) = (words(&change.from), words(&change.to));
        let what = match (from.is_empty(), to.is_empty()) {
            (true, _) => format!("+ {to}"),
            (_, true) => format!("- {from}"),
            _ => format!("~ {from} => {to}"),
        };
        let _ = writeln!(
            text,
            "wali-cc: {what}\n           {} ({})",
            change.reason, change.source
        );
    }
    text
}

/// Each refused argument with its reason and what to do.
pub fn refusals(program: &str, refusals: &[Refusal]) -> String {
    let mut text = String::new();
    for refusal in refusals {
        let _ = writeln!(
            text,
            "{program}: error: {}: {}",
            words(&refusal.words),
            refusal.reason
        );
        let _ = writeln!(text, "help: {}", refusal.help);
    }
    text
}

/// A command line to paste into a shell.
pub fn pasteable(program: &Path, args: &[OsString]) -> String {
    let all = std::iter::once(program.as_os_str()).chain(args.iter().map(OsString::as_os_str));
    all.map(quoted).collect::<Vec<_>>().join(" ")
}

fn words(words: &[OsString]) -> String {
    words
        .iter()
        .map(|word| quoted(word))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The word as a shell takes it.
fn quoted(word: &OsStr) -> String {
    let text = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+,./:@%^".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
