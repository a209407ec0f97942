//! Finding LLVM: `WALI_LLVM`, then the build folder, then PATH.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use which::which;

use super::tools::{Llvm, Version};
use crate::cx::Cx;
use crate::toolchain::Toolchain;

/// Returns the names of the programs that an LLVM needs to be complete.
pub(super) fn programs(toolchain: &Toolchain) -> Vec<String> {
    let compilers = ["clang", "clang++", "wasm-ld"].map(str::to_owned);
    let tools = toolchain.tools.iter().map(|tool| format!("llvm-{tool}"));
    compilers.into_iter().chain(tools).collect()
}

/// Returns the first LLVM that is complete and new enough.
///
/// # Errors
/// When there is none; the error says what was looked at and how to get one.
pub(crate) fn find(cx: &Cx) -> Result<Llvm> {
    let toolchain = Toolchain::read(cx.root())?;
    let min = toolchain.min_llvm;
    let mut refusals = Vec::new();
    for clang in candidates(cx, min)? {
        match at(cx, &clang, &toolchain) {
            Ok(llvm) => return Ok(llvm),
            Err(error) => refusals.push(format!("{}: {error:#}", clang.display())),
        }
    }
    if refusals.is_empty() {
        refusals.push("no program called clang on PATH".to_owned());
    }
    bail!(
        "LLVM {min} or newer is missing:\n  {}\n\
         help: `cargo xtask llvm` installs it; WALI_LLVM=DIR names one that is elsewhere",
        refusals.join("\n  ")
    )
}

/// The LLVM that `clang` belongs to.
fn at(cx: &Cx, clang: &Path, toolchain: &Toolchain) -> Result<Llvm> {
    // Where clang really is: distributions put links into /usr/bin.
    let real = clang.canonicalize()?;
    let bin = real.parent().context("has no folder")?.to_owned();
    let text = cx.cmd(clang, "llvm").arg("--version").quiet().read()?;
    let version = Version::parse(&text).context("does not tell its version")?;
    let min = toolchain.min_llvm;
    if version.major < min {
        bail!("is version {version}, needed is {min} or newer");
    }
    let llvm = Llvm { bin, version };
    for program in programs(toolchain) {
        llvm.tool(&program)?;
    }
    Ok(llvm)
}

/// The clangs to look at, best first.
fn candidates(cx: &Cx, min: u32) -> Result<Vec<PathBuf>> {
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
