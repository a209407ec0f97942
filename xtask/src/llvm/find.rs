//! Finding LLVM: the compiler, its linker and its binary tools, of one version, in one folder.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use which::which;

use crate::cx::Cx;

/// What we need beside `clang`.
pub(super) const TOOLS: [&str; 7] = [
    "clang",
    "clang++",
    "wasm-ld",
    "llvm-ar",
    "llvm-ranlib",
    "llvm-nm",
    "llvm-strip",
];

/// A version such as 22.1.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
    pub(crate) patch: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// An LLVM that is complete and new enough.
#[derive(Debug)]
pub(crate) struct Llvm {
    bin: PathBuf,
    version: Version,
}

impl Llvm {
    /// Looks for LLVM: `WALI_LLVM`, then the build folder, then PATH.
    ///
    /// # Errors
    /// When there is none that is complete and new enough; the error says what was looked at.
    pub(crate) fn find(cx: &Cx) -> Result<Self> {
        let mut refusals = Vec::new();
        for clang in candidates(cx)? {
            match Self::at(cx, &clang) {
                Ok(llvm) => return Ok(llvm),
                Err(error) => refusals.push(format!("{}: {error:#}", clang.display())),
            }
        }
        if refusals.is_empty() {
            refusals.push("no program called clang on PATH".to_owned());
        }
        bail!(
            "LLVM {} or newer is missing:\n  {}\n\
             help: `cargo xtask llvm` installs it; WALI_LLVM=DIR names one that is elsewhere",
            cx.toolchain().min_llvm,
            refusals.join("\n  ")
        )
    }

    /// The tool `name`, for example `wasm-ld`.
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

    fn at(cx: &Cx, clang: &Path) -> Result<Self> {
        // Where clang really is: distributions put links into /usr/bin.
        let real = clang.canonicalize()?;
        let bin = real.parent().context("has no folder")?.to_owned();
        let text = cx.cmd(clang, "llvm").arg("--version").quiet().read()?;
        let version = parse_version(&text).context("does not tell its version")?;
        let min = cx.toolchain().min_llvm;
        if version.major < min {
            bail!("is version {version}, needed is {min} or newer");
        }
        let llvm = Self { bin, version };
        for tool in TOOLS {
            llvm.tool(tool)?;
        }
        Ok(llvm)
    }
}

/// The clangs to look at, best first.
fn candidates(cx: &Cx) -> Result<Vec<PathBuf>> {
    if let Some(folder) = std::env::var_os("WALI_LLVM").map(PathBuf::from) {
        // An explicit choice is never replaced by another.
        let places = [folder.join("bin/clang"), folder.join("clang")];
        return match places.into_iter().find(|path| path.exists()) {
            Some(clang) => Ok(vec![clang]),
            None => bail!(
                "WALI_LLVM={}: no clang in it or in its bin",
                folder.display()
            ),
        };
    }
    let min = cx.toolchain().min_llvm;
    let names = (min..min + 8).map(|major| format!("clang-{major}"));
    let names: Vec<String> = names.chain(["clang".to_owned()]).collect();
    let built = cx.out("llvm/bin/clang");
    let on_path = names.iter().filter_map(|name| which(name).ok());
    Ok([built]
        .into_iter()
        .filter(|path| path.exists())
        .chain(on_path)
        .collect())
}

/// Finds "version 22.1.8" in what `clang --version` prints.
fn parse_version(text: &str) -> Option<Version> {
    let (_, rest) = text.split_once("version ")?;
    let digits = rest
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .next()?;
    let mut parts = digits.split('.').map(|part| part.parse().ok());
    Some(Version {
        major: parts.next()??,
        minor: parts.next().flatten().unwrap_or(0),
        patch: parts.next().flatten().unwrap_or(0),
    })
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
            let found = parse_version(text).map(|v| (v.major, v.minor, v.patch));
            assert_eq!(found, expected, "{text}");
        }
    }
}
