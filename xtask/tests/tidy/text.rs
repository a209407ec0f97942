//! Source files as lines: their comments, and the files themselves.

use std::path::{Path, PathBuf};

use crate::ROOT;

/// Successive lines of comment of one kind.
pub(crate) struct Comment {
    /// The first line, counted from 1.
    pub(crate) line: usize,
    /// The line of what it documents, or at which the code goes on: behind it and behind attributes.
    pub(crate) behind: usize,
    /// Whether `///` or `//!` leads it.
    pub(crate) is_doc: bool,
    /// Its lines without what leads them, separated by a space.
    pub(crate) text: String,
}

/// The comments of a Rust file that stand on lines of their own.
pub(crate) fn comments(code: &str) -> Vec<Comment> {
    let lines: Vec<&str> = code.lines().map(str::trim_start).collect();
    let mut comments = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let kinds = ["///", "//!", "//"];
        let Some(kind) = kinds.into_iter().find(|kind| lines[at].starts_with(kind)) else {
            at += 1;
            continue;
        };
        let first = at;
        let mut text = Vec::new();
        while let Some(rest) = lines.get(at).and_then(|line| line.strip_prefix(kind)) {
            text.push(rest.trim());
            at += 1;
        }
        let attributes = lines[at..].iter().take_while(|line| line.starts_with("#["));
        comments.push(Comment {
            line: first + 1,
            behind: at + attributes.count() + 1,
            is_doc: kind != "//",
            text: text.join(" "),
        });
    }
    comments
}

/// The name of the function that begins in a line.
pub(crate) fn function_name(line: &str) -> Option<&str> {
    let mut words = line.trim_start().split(' ');
    loop {
        match words.next()? {
            "fn" => break,
            "const" | "unsafe" | "async" | "extern" | "\"C\"" | "\"C-unwind\"" => {}
            word if word.starts_with("pub") || word == "super)" => {}
            _ => return None,
        }
    }
    words.next()?.split(['(', '<']).next()
}

/// The files below a folder that have one of the extensions, in order.
pub(crate) fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if path
            .extension()
            .is_some_and(|it| extensions.iter().any(|wanted| it == *wanted))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The path below the workspace's folder.
pub(crate) fn shown(path: &Path) -> String {
    let below = path.strip_prefix(ROOT).unwrap_or(path);
    below.display().to_string()
}
