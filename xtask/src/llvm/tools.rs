//! LLVM as it lies on this machine: the compiler, its linker and its binary tools, of one version, in
//! one folder.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A version such as 22.1.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    /// 22 of 22.1.8.
    pub(crate) major: u32,
    /// 1 of 22.1.8.
    pub(crate) minor: u32,
    /// 8 of 22.1.8.
    pub(crate) patch: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Version {
    /// Finds "version 22.1.8" in what `clang --version` prints.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once("version ")?;
        let digits = rest
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .next()?;
        let mut parts = digits.split('.').map(|part| part.parse().ok());
        Some(Self {
            major: parts.next()??,
            minor: parts.next().flatten().unwrap_or(0),
            patch: parts.next().flatten().unwrap_or(0),
        })
    }
}

/// An LLVM: where its programs are, and its version.
#[derive(Debug)]
pub(crate) struct Llvm {
    /// The folder that its programs are in.
    pub(super) bin: PathBuf,
    /// What its clang says.
    pub(super) version: Version,
}

impl Llvm {
    /// Returns the path of the tool `name`, for example `wasm-ld`.
    ///
    /// # Errors
    /// When LLVM has no such tool.
    pub(crate) fn tool(&self, name: &str) -> Result<PathBuf> {
        let versioned = format!("{name}-{}", self.version.major);
        [name, &versioned]
            .iter()
            .map(|name| self.bin.join(name))
            .find(|path| path.exists())
            .with_context(|| format!("{} has no {name}", self.bin.display()))
    }

    /// The folder that its programs are in.
    pub(crate) fn bin(&self) -> &Path {
        &self.bin
    }

    /// Its version.
    pub(crate) fn version(&self) -> Version {
        self.version
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_distributions_write_them() {
        let cases = [
            (
                "Debian clang version 22.1.8 (1~deb12u1)\nTarget: x",
                Some((22, 1, 8)),
            ),
            ("clang version 23.0.0git (https://…)", Some((23, 0, 0))),
            ("clang version 22", Some((22, 0, 0))),
            ("gcc (Debian 12.2.0) 12.2.0", None),
        ];
        for (text, expected) in cases {
            let found = Version::parse(text).map(|v| (v.major, v.minor, v.patch));
            assert_eq!(found, expected, "{text}");
        }
    }
}
