//! The revision of what makes code: compiled programs of another one do not fit.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;

/// What decides how a module becomes code, besides the compiler and the interface.
pub(crate) const CODE_MAKERS: [&str; 3] = ["src/loader", "src/engine.rs", "src/memory_calls.rs"];

/// Where the versions of the compiler's crates stand.
pub(crate) const LOCK_FILE: &str = "../Cargo.lock";

/// A number that changes with everything that decides how a module becomes code.
pub(crate) fn revision() -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for path in CODE_MAKERS {
        add_sources(Path::new(path), &mut hasher)?;
    }
    let lock = std::fs::read_to_string(LOCK_FILE)?;
    for package in lock.split("[[package]]") {
        let compiles = [
            "wasmtime",
            "cranelift",
            "pulley",
            "regalloc2",
            "wasm-encoder",
        ]
        .iter()
        .any(|name| {
            package
                .trim_start()
                .starts_with(&format!("name = \"{name}"))
        });
        if compiles {
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
    if path.is_file() {
        std::fs::read(path)?.hash(hasher);
        return Ok(());
    }
    let mut entries = std::fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    entries
        .iter()
        .try_for_each(|entry| add_sources(entry, hasher))
}
