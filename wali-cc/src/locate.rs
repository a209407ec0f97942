//! Where the sysroot and LLVM are.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::config::MIN_LLVM;

/// How many releases after the oldest one are looked for by their versioned names.
const LATER_RELEASES: u32 = 8;

/// The folder that wali-cc itself is in, symbolic links followed.
///
/// # Errors
/// When the system does not tell the program's path.
pub fn own_folder() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe().context("finding wali-cc's own path")?;
    let program = program.canonicalize().unwrap_or(program);
    Ok(program.parent().unwrap_or(Path::new("/")).to_owned())
}

/// The sysroot: `WALI_SYSROOT`, else the one beside the folder wali-cc is in.
pub fn sysroot(own_folder: &Path) -> PathBuf {
    match std::env::var_os("WALI_SYSROOT") {
        Some(folder) if !folder.is_empty() => folder.into(),
        _ => {
            let folder = own_folder.join("../sysroot");
            folder.canonicalize().unwrap_or(folder)
        }
    }
}

/// The folder of LLVM's programs: `WALI_LLVM`, else the one built beside wali-cc, else the first on
/// PATH that is new enough.
///
/// # Errors
/// When there is none; the message says where it was looked for.
pub fn llvm(own_folder: &Path) -> anyhow::Result<PathBuf> {
    if let Some(folder) = std::env::var_os("WALI_LLVM").map(PathBuf::from) {
        // An explicit choice is never replaced by another.
        let places = [folder.join("bin/clang"), folder.join("clang")];
        return match places.iter().find(|path| is_program(path)) {
            Some(clang) => real_folder(clang),
            None => bail!(
                "WALI_LLVM={}: no clang in it or in its bin",
                folder.display()
            ),
        };
    }
    let built = own_folder.join("../llvm/bin/clang");
    let versioned = (MIN_LLVM..=MIN_LLVM + LATER_RELEASES).map(|major| format!("clang-{major}"));
    let named = versioned.filter_map(|name| which::which(name).ok());
    let known = [built]
        .into_iter()
        .filter(|path| is_program(path))
        .chain(named)
        .next();
    if let Some(clang) = known {
        return real_folder(&clang);
    }
    let other = which::which("clang").ok();
    if let Some(clang) = &other
        && clang_major(clang).is_some_and(|major| major >= MIN_LLVM)
    {
        return real_folder(clang);
    }
    let found = other.map_or("no clang at all".to_owned(), |clang| {
        let version =
            clang_major(&clang).map_or("of unknown version".into(), |major| format!("{major}"));
        format!("{} {version}", clang.display())
    });
    bail!(
        "LLVM {MIN_LLVM} or newer is missing: there is no clang-{MIN_LLVM} on PATH, but {found}\n\
         help: cargo xtask llvm installs it; WALI_LLVM=DIR names one that is elsewhere"
    )
}

/// LLVM's program `name` in the folder `bin`, where some distributions append the version.
///
/// # Errors
/// When it is not there.
pub fn llvm_program(bin: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let versions = (MIN_LLVM..=MIN_LLVM + LATER_RELEASES).map(|major| format!("{name}-{major}"));
    std::iter::once(name.to_owned())
        .chain(versions)
        .map(|name| bin.join(name))
        .find(|path| is_program(path))
        .with_context(|| format!("{} has no {name}", bin.display()))
}

fn real_folder(program: &Path) -> anyhow::Result<PathBuf> {
    let real = program
        .canonicalize()
        .with_context(|| format!("following {}", program.display()))?;
    Ok(real.parent().unwrap_or(Path::new("/")).to_owned())
}

fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// The major version that a clang says it has.
fn clang_major(clang: &Path) -> Option<u32> {
    let output = Command::new(clang).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (_, version) = text.split_once("version ")?;
    version
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}
