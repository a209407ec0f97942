//! Sources: fetched by provider, checked, unpacked once into a cache that all checkouts share.

mod cache;
mod debian;
mod dir;
mod manifest;
#[cfg(test)]
mod tests;
mod unpack;
mod url;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cx::Cx;
use crate::product::lock_file;
use crate::stamp::hex;
use cache::Cache;
use manifest::{Entry, Place, Provider};

/// An unpacked source.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The folder that holds what the archive's top folder holds; not to be written to.
    pub(crate) dir: PathBuf,
    /// The release, as upstream names it.
    pub(crate) version: String,
    /// The archive's checksum, which tells one source from another.
    pub(crate) sha256: String,
}

/// All sources of `toolchains/sources.toml`.
pub(crate) struct Sources {
    entries: Vec<Entry>,
    folder: Option<PathBuf>,
}

impl Sources {
    /// Reads the manifest at `path`; `folder` is where the user keeps archives of his own.
    ///
    /// # Errors
    /// When the manifest cannot be read or understood.
    pub(crate) fn read(path: &Path, folder: Option<PathBuf>) -> Result<Self> {
        Ok(Self {
            entries: manifest::read(path)?,
            folder,
        })
    }

    /// The names of all sources, in the manifest's order.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.entries
            .iter()
            .map(|entry| entry.name.as_str())
            .collect()
    }

    /// The source `name`, when it is unpacked in the cache already.
    ///
    /// # Errors
    /// When `name` is unknown or the cache cannot be opened.
    pub(crate) fn cached(&self, name: &str) -> Result<Option<Source>> {
        let (entry, cache) = (self.entry(name)?, Cache::open()?);
        Ok(entry
            .providers
            .iter()
            .find_map(|provider| cache.unpacked(entry, provider)))
    }

    /// What tells the source `name` from other releases of it, known without fetching it.
    ///
    /// # Errors
    /// When `name` is unknown.
    pub(crate) fn identity(&self, name: &str) -> Result<String> {
        let entry = self.entry(name)?;
        let sums = entry.providers.iter().map(|p| p.sha256.as_str());
        Ok(std::iter::once(entry.version.as_str())
            .chain(sums)
            .chain(entry.only.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(" "))
    }

    /// The source `name`, fetched when it is not in the cache.
    ///
    /// # Errors
    /// When `name` is unknown or no provider has it; the error says what each of them answered.
    pub(crate) fn get(&self, cx: &Cx, name: &str) -> Result<Source> {
        self.get_through(cx, name, &Cache::open()?)
    }

    fn get_through(&self, cx: &Cx, name: &str, cache: &Cache) -> Result<Source> {
        let entry = self.entry(name)?;
        let unpacked = || {
            entry
                .providers
                .iter()
                .find_map(|p| cache.unpacked(entry, p))
        };
        if let Some(source) = unpacked() {
            return Ok(source);
        }
        let _lock = lock_file(&cache.lock_of(name), || {
            cx.say(format!("{name}: waiting for another run that fetches it"));
        })?;
        if let Some(source) = unpacked() {
            return Ok(source);
        }
        let (provider, archive) = self.archive(cx, entry, cache)?;
        cache.unpack(entry, provider, &archive)
    }

    fn entry(&self, name: &str) -> Result<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.name == name)
            .with_context(|| {
                format!(
                    "no source is called `{name}`; there are: {}",
                    self.names().join(", ")
                )
            })
    }

    /// The archive of `entry`: from the cache, the user's folder, or the first provider that has it.
    fn archive<'a>(
        &self,
        cx: &Cx,
        entry: &'a Entry,
        cache: &Cache,
    ) -> Result<(&'a Provider, PathBuf)> {
        for provider in &entry.providers {
            let archive = cache.archive(provider);
            if archive.exists() && check_sum(&archive, &provider.sha256).is_ok() {
                return Ok((provider, archive));
            }
        }
        let mut refusals = Vec::new();
        if let Some(folder) = &self.folder {
            match dir::find(folder, entry, cache) {
                Ok(found) => return Ok(found),
                Err(error) => refusals.push(format!("{}: {error:#}", folder.display())),
            }
        }
        for provider in &entry.providers {
            if cx.offline() {
                break;
            }
            match fetch(cx, entry, provider, cache) {
                Ok(archive) => return Ok((provider, archive)),
                Err(error) => refusals.push(format!("{}: {error:#}", provider.place)),
            }
        }
        if cx.offline() {
            refusals.push("--offline: nothing was fetched".to_owned());
        }
        bail!(
            "{} {} cannot be had:\n  {}\n\
             help: put {} into a folder and pass it with --sources",
            entry.name,
            entry.version,
            refusals.join("\n  "),
            entry.file_names().join(" or ")
        )
    }
}

fn fetch(cx: &Cx, entry: &Entry, provider: &Provider, cache: &Cache) -> Result<PathBuf> {
    let place = cache.archive(provider);
    let partial = cache.partial(provider);
    match &provider.place {
        Place::Url(url) => {
            let is_resumed = partial.exists();
            url::download(cx.progress(), url, &partial)?;
            let kept = keep_if_right(&partial, &provider.sha256, &place);
            if kept.is_err() && is_resumed {
                // What lay there may be the beginning of another file.
                url::download(cx.progress(), url, &partial)?;
                keep_if_right(&partial, &provider.sha256, &place)?;
            } else {
                kept?;
            }
        }
        Place::Debian(package) => {
            debian::download(cx, cache, entry, package, &partial)?;
            keep_if_right(&partial, &provider.sha256, &place)?;
        }
    }
    Ok(place)
}

/// Renames `partial` to `place` when its checksum is `sha256`, else removes it.
///
/// # Errors
/// When the checksum is another; the error has both.
fn keep_if_right(partial: &Path, sha256: &str, place: &Path) -> Result<()> {
    if let Err(error) = check_sum(partial, sha256) {
        std::fs::remove_file(partial).with_context(|| format!("removing {}", partial.display()))?;
        return Err(error);
    }
    std::fs::rename(partial, place).with_context(|| format!("keeping {}", place.display()))
}

/// # Errors
/// When the file at `path` has another checksum than `expected`.
fn check_sum(path: &Path, expected: &str) -> Result<()> {
    use sha2::Digest;
    let reading = || format!("reading {}", path.display());
    let mut file = std::fs::File::open(path).with_context(reading)?;
    let mut hash = sha2::Sha256::new();
    std::io::copy(&mut file, &mut hash).with_context(reading)?;
    let found = hex(&hash.finalize());
    if found != expected {
        bail!("wrong file: its sha256 is {found}, expected {expected}; it was not kept");
    }
    Ok(())
}
