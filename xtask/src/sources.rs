//! Sources: fetched by provider, checked, unpacked once into a cache that all checkouts share.

mod cache;
mod debian;
mod dir;
mod manifest;
#[cfg(test)]
mod tests;
mod unpack;
mod url;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::cx::Cx;
use crate::files::lock_file;
pub(crate) use cache::Source;

use cache::Cache;
use manifest::{Entry, Place, Provider};

/// All sources of `toolchains/sources.toml`.
pub(crate) struct Sources {
    entries: Vec<Entry>,
}

impl Sources {
    /// Reads the manifest of the workspace.
    ///
    /// # Errors
    /// When the manifest cannot be read or understood.
    pub(crate) fn read(cx: &Cx) -> Result<Self> {
        let path = cx.root().join("toolchains/sources.toml");
        Ok(Self {
            entries: manifest::read(&path)?,
        })
    }

    /// Returns the names of all sources, in the manifest's order.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.entries
            .iter()
            .map(|entry| entry.name.as_str())
            .collect()
    }

    /// Returns the source `name`, when it is unpacked in the cache already.
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

    /// Returns what tells the source `name` from other releases of it, known without fetching it.
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

    /// Returns the source `name`, fetched and unpacked when it is not in the cache. The folder is shared by
    /// all checkouts: read it, never write to it.
    ///
    /// # Errors
    /// When `name` is unknown or no provider has it; the error says what came of each.
    pub(crate) fn get(&self, cx: &Cx, name: &str) -> Result<Source> {
        self.get_through(cx, name, &Cache::open()?)
    }

    /// As [`Sources::get`], with a cache of the caller's.
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
        let (provider, archive) = Self::archive(cx, entry, cache)?;
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

    /// Returns the archive of `entry`: from the cache, the user's folder, or the first provider that has it.
    fn archive<'a>(cx: &Cx, entry: &'a Entry, cache: &Cache) -> Result<(&'a Provider, PathBuf)> {
        for provider in &entry.providers {
            if let Some(archive) = cache.kept(provider) {
                return Ok((provider, archive));
            }
        }
        let mut refusals = Vec::new();
        if let Some(folder) = cx.archives() {
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

/// Fetches the archive of `provider` and returns where the cache keeps it.
fn fetch(cx: &Cx, entry: &Entry, provider: &Provider, cache: &Cache) -> Result<PathBuf> {
    let partial = cache.partial(provider);
    match &provider.place {
        Place::Url(url) => {
            let is_resumed = partial.exists();
            url::download(cx.progress(), url, &partial)?;
            let kept = cache.keep(provider);
            if kept.is_err() && is_resumed {
                // What lay there may be the beginning of another file.
                url::download(cx.progress(), url, &partial)?;
                return cache.keep(provider);
            }
            kept
        }
        Place::Debian(package) => {
            debian::download(cx, cache, entry, package, &partial)?;
            cache.keep(provider)
        }
    }
}
