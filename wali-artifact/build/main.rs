//! Tells the crate the revision of what makes code: compiled programs of another one do not fit.

mod tokens;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;

use proc_macro2::TokenStream;

use tokens::add_tokens;

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
