//! Tells the crate the revision of what makes code: compiled programs of another one do not fit.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

/// What decides how a module becomes code, besides the compiler's crates and the interface.
const CODE_MAKERS: [&str; 5] = [
    "../wali-compiler/src/backend",
    "../wali-compiler/src/backend.rs",
    "../wali-contract/src",
    "../wali-module/src",
    "src/settings.rs",
];

/// Where the versions of the compiler's crates stand.
const LOCK_FILE: &str = "../Cargo.lock";

/// What the names of the crates begin with that make code.
const COMPILER_CRATES: [&str; 5] = [
    "wasmtime",
    "cranelift",
    "pulley",
    "regalloc2",
    "wasm-encoder",
];

fn main() {
    for path in CODE_MAKERS.into_iter().chain([LOCK_FILE]) {
        println!("cargo::rerun-if-changed={path}");
    }
    match revision() {
        Ok(revision) => println!("cargo::rustc-env=WALI_CODE_REVISION={revision}"),
        Err(error) => println!("cargo::error=the revision of what makes code: {error}"),
    }
}

/// A number that changes with everything that decides how a module becomes code, and with nothing else:
/// comments, tests and texts for people do not count.
fn revision() -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for path in CODE_MAKERS {
        add_sources(Path::new(path), &mut hasher)?;
    }
    let lock = std::fs::read_to_string(LOCK_FILE)
        .map_err(|error| io::Error::other(format!("{LOCK_FILE}: {error}")))?;
    for package in lock.split("[[package]]").map(str::trim_start) {
        let makes_code = |name| package.starts_with(&format!("name = \"{name}"));
        if COMPILER_CRATES.iter().any(makes_code) {
            package.hash(&mut hasher);
        }
    }
    for (name, import) in wali_abi::imports() {
        (name, import.signature()).hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// Adds the Rust files at `path`, in the order of their names.
fn add_sources(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    let failed =
        |error: &dyn std::fmt::Display| io::Error::other(format!("{}: {error}", path.display()));
    if path.is_dir() {
        let mut entries = std::fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<_>>>()?;
        entries.sort();
        return entries
            .iter()
            .try_for_each(|entry| add_sources(entry, hasher));
    }
    let text = std::fs::read_to_string(path).map_err(|error| failed(&error))?;
    let tokens: TokenStream = text.parse().map_err(|error| failed(&error))?;
    add_tokens(tokens, hasher);
    Ok(())
}

/// Adds what the compiler makes something of: no comments, which are no tokens, no documentation, no
/// tests, and no strings with a space, which are for people.
fn add_tokens(tokens: TokenStream, hasher: &mut DefaultHasher) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => match tokens.next() {
                Some(TokenTree::Group(attribute)) => {
                    let text = attribute.stream().to_string();
                    if text.replace(' ', "") == "cfg(test)" {
                        // What it is the attribute of ends with its body or a semicolon.
                        tokens.by_ref().find(|token| match token {
                            TokenTree::Group(group) => {
                                group.delimiter() == proc_macro2::Delimiter::Brace
                            }
                            TokenTree::Punct(punct) => punct.as_char() == ';',
                            _ => false,
                        });
                    } else if !text.starts_with("doc") {
                        text.hash(hasher);
                    }
                }
                Some(other) => other.to_string().hash(hasher),
                None => {}
            },
            TokenTree::Group(group) => {
                (group.delimiter() as u8).hash(hasher);
                add_tokens(group.stream(), hasher);
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if !(text.starts_with('"') && text.contains(' ')) {
                    text.hash(hasher);
                }
            }
            TokenTree::Ident(ident) => ident.to_string().hash(hasher),
            // Whether a list ends with a comma is a matter of its length.
            TokenTree::Punct(punct) if punct.as_char() == ',' && tokens.peek().is_none() => {}
            TokenTree::Punct(punct) => punct.as_char().hash(hasher),
        }
    }
}
