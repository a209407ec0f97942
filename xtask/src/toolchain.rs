//! `toolchains/wali.toml`: what we know about the target.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The target, its folders and the flags that go with it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Toolchain {
    /// The target as clang writes it.
    pub(crate) triple: String,
    /// The first LLVM release that knows the target.
    pub(crate) min_llvm: u32,
    /// Where libraries and start files are, below the sysroot.
    pub(crate) lib_dir: String,
    /// The name after `-l` of the compiler's runtime library.
    pub(crate) builtins: String,
    /// The programs that wali-cc is besides `wali-cc`, `wali-` left out.
    pub(crate) drivers: Vec<String>,
    /// LLVM's tools that builds call: `llvm-NAME` there, `wali-NAME` here.
    pub(crate) tools: Vec<String>,
    #[serde(rename = "more_tools")]
    _more_tools: IgnoredAny,
    compile: Vec<Row>,
    #[serde(rename = "link")]
    _link: IgnoredAny,
}

/// Flags of the compiler. wali-cc alone takes the fields that are ignored here; they are named
/// because a mistyped one has to be refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    flags: Vec<String>,
    #[serde(rename = "use")]
    users: Vec<String>,
    #[serde(rename = "unless")]
    _unless: Option<IgnoredAny>,
    #[serde(rename = "reason")]
    _reason: IgnoredAny,
}

impl Toolchain {
    /// Reads the description of the workspace at `root`.
    ///
    /// # Errors
    /// When it cannot be read, lacks something or has a field that does not exist.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let path = root.join("toolchains/wali.toml");
        let reading = || format!("reading {}", path.display());
        let text = std::fs::read_to_string(&path).with_context(reading)?;
        toml::from_str(&text).with_context(reading)
    }

    /// Returns the compiler flags for `user`, one of `program`, `compat` and `sysroot`.
    pub(crate) fn compile_flags(&self, user: &str) -> Vec<&str> {
        let rows = self
            .compile
            .iter()
            .filter(|row| row.users.iter().any(|name| name == user));
        rows.flat_map(|row| row.flags.iter().map(String::as_str))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_field_is_refused_by_name() {
        let workspace = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let text = std::fs::read_to_string(workspace.join("toolchains/wali.toml")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("toolchains")).unwrap();
        let file = folder.path().join("toolchains/wali.toml");
        for (right, wrong) in [("min_llvm", "min_lvm"), ("unless", "unles")] {
            std::fs::write(&file, text.replace(right, wrong)).unwrap();
            let error = format!("{:#}", Toolchain::read(folder.path()).unwrap_err());
            assert!(
                error.contains(&format!("unknown field `{wrong}`")),
                "{error}"
            );
        }
    }
}
