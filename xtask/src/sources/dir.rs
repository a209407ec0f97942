//! The provider `dir`: archives that the user put into a folder, for machines without a network.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::cache::{Cache, check_sum};
use super::manifest::{Entry, Provider};

/// Looks into `folder` for an archive of `entry` and copies it into the cache.
///
/// A file counts by its checksum under any name that starts with the source's or the package's.
///
/// # Errors
/// When no file has one of the names, or those that do have another checksum.
pub(super) fn find<'a>(
    folder: &Path,
    entry: &'a Entry,
    cache: &Cache,
) -> Result<(&'a Provider, PathBuf)> {
    let mut refusals = Vec::new();
    for file in candidates(folder, entry)? {
        for provider in &entry.providers {
            match check_sum(&file, &provider.sha256) {
                Ok(()) => {
                    fs::copy(&file, cache.partial(provider))
                        .with_context(|| format!("copying {}", file.display()))?;
                    return Ok((provider, cache.keep(provider)?));
                }
                Err(error) => refusals.push(format!("{}: {error:#}", file.display())),
            }
        }
    }
    match refusals.as_slice() {
        [] => bail!("has no {}", entry.file_names().join(" or ")),
        _ => bail!("{}", refusals.join("; ")),
    }
}

fn candidates(folder: &Path, entry: &Entry) -> Result<Vec<PathBuf>> {
    let names = entry.file_names();
    let prefixes: Vec<&str> = names
        .iter()
        .map(|name| name.trim_end_matches('*'))
        .collect();
    let mut files = Vec::new();
    for file in fs::read_dir(folder).context("cannot be read")? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if prefixes.iter().any(|prefix| name.starts_with(prefix)) && file.path().is_file() {
            files.push(file.path());
        }
    }
    files.sort();
    Ok(files)
}
