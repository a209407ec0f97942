//! `toolchains/wali.toml`: what we know about the target.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// The target, its folders and the flags that go with it.
#[derive(Debug, Deserialize)]
pub(crate) struct Toolchain {
    /// The target as clang writes it.
    pub(crate) triple: String,
    /// The first LLVM release that knows the target.
    pub(crate) min_llvm: u32,
    /// Where libraries and start files are, below the sysroot.
    pub(crate) lib_dir: String,
    /// The name after `-l` of the compiler's runtime library.
    pub(crate) builtins: String,
    compile: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    flags: Vec<String>,
    #[serde(rename = "use")]
    users: Vec<String>,
}

impl Toolchain {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read or lacks something.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let reading = || format!("reading {}", path.display());
        let text = std::fs::read_to_string(path).with_context(reading)?;
        toml::from_str(&text).with_context(reading)
    }

    /// The compiler flags for `user`, one of `program`, `compat` and `sysroot`.
    pub(crate) fn compile_flags(&self, user: &str) -> Vec<&str> {
        let rows = self
            .compile
            .iter()
            .filter(|row| row.users.iter().any(|name| name == user));
        rows.flat_map(|row| row.flags.iter().map(String::as_str))
            .collect()
    }
}
