//! Putting the C library's source together: musl as upstream ships it, our patches, our files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::folders::Folders;
use super::patch;

/// What we call the target inside musl: `arch/wasm32`, `src/*/wasm32`.
pub(super) const ARCH: &str = "wasm32";

/// Copies what is needed of `pristine`, applies the patches, and lays our files over it.
///
/// # Errors
/// When a patch does not fit or a file cannot be written.
pub(super) fn assemble(pristine: &Path, folders: &Folders) -> Result<()> {
    for part in ["arch/generic", "include", "src"] {
        copy(&pristine.join(part), &folders.musl.join(part))?;
    }
    for file in folder_entries(&folders.own.join("patches"))? {
        patch::apply(&folders.musl, &file)?;
    }
    copy(&folders.own.join("musl"), &folders.musl)?;
    Ok(())
}

/// Copies the files below `from` to `to`, over what is there.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    for path in folder_entries(from)? {
        let Some(name) = path.file_name() else {
            continue;
        };
        let target = to.join(name);
        if path.is_dir() {
            copy(&path, &target)?;
            continue;
        }
        if target.exists() {
            fs::remove_file(&target)?;
        }
        fs::copy(&path, &target).with_context(|| format!("copying {}", path.display()))?;
    }
    Ok(())
}

/// What is in `folder`, sorted.
///
/// # Errors
/// When it cannot be read.
pub(super) fn folder_entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let reading = || format!("reading {}", folder.display());
    let entries = fs::read_dir(folder).with_context(reading)?;
    let paths = entries.map(|entry| Ok(entry?.path()));
    let mut paths = paths.collect::<Result<Vec<_>>>().with_context(reading)?;
    paths.sort();
    Ok(paths)
}
