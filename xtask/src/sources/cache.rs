//! The cache: `$XDG_CACHE_HOME/wali`, or `~/.cache/wali`. Archives are kept by checksum, unpacked
//! sources by name, version and checksum; both appear by one rename, so what exists is whole.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::manifest::{Entry, Provider};
use super::unpack;
use crate::files::remove;
use crate::stamp::hex;

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

/// The cache's folder; all that it has is made by [`Cache::open`].
pub(super) struct Cache {
    root: PathBuf,
}

impl Cache {
    /// Opens the cache, making its folders when there are none.
    ///
    /// # Errors
    /// When neither XDG_CACHE_HOME nor HOME says where it is, or it cannot be written.
    pub(super) fn open() -> Result<Self> {
        Self::at(root()?)
    }

    /// As [`Cache::open`], in the folder `root`.
    pub(super) fn at(root: PathBuf) -> Result<Self> {
        for folder in ["archives", "partial", "unpacked"] {
            let folder = root.join(folder);
            fs::create_dir_all(&folder).with_context(|| {
                format!(
                    "cannot write to the cache: creating {} failed; \
                     choose another with XDG_CACHE_HOME",
                    folder.display()
                )
            })?;
        }
        Ok(Self { root })
    }

    /// A folder of the cache for a provider's own files.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The file whose lock is held while the source `name` is fetched.
    pub(super) fn lock_of(&self, name: &str) -> PathBuf {
        self.root.join("partial").join(format!("{name}.lock"))
    }

    /// Where the archive of `provider` is kept.
    fn archive(&self, provider: &Provider) -> PathBuf {
        self.root.join("archives").join(&provider.sha256)
    }

    /// Where the archive of `provider` grows until it is whole.
    pub(super) fn partial(&self, provider: &Provider) -> PathBuf {
        self.root.join("partial").join(&provider.sha256)
    }

    /// Returns the archive of `provider`, when it is kept and whole.
    pub(super) fn kept(&self, provider: &Provider) -> Option<PathBuf> {
        let archive = self.archive(provider);
        let is_right = archive.exists() && check_sum(&archive, &provider.sha256).is_ok();
        is_right.then_some(archive)
    }

    /// Keeps the archive of `provider` that has grown in [`Cache::partial`], and returns where it is. A
    /// file with another checksum is removed.
    ///
    /// # Errors
    /// When the checksum is another; the error has both.
    pub(super) fn keep(&self, provider: &Provider) -> Result<PathBuf> {
        let (partial, archive) = (self.partial(provider), self.archive(provider));
        if let Err(error) = check_sum(&partial, &provider.sha256) {
            fs::remove_file(&partial).with_context(|| format!("removing {}", partial.display()))?;
            return Err(error);
        }
        fs::rename(&partial, &archive).with_context(|| format!("keeping {}", archive.display()))?;
        Ok(archive)
    }

    /// Returns the source from `provider`, when it has been unpacked.
    pub(super) fn unpacked(&self, entry: &Entry, provider: &Provider) -> Option<Source> {
        let dir = self.unpacked_dir(entry, provider);
        let (version, sha256) = (entry.version.clone(), provider.sha256.clone());
        dir.is_dir().then_some(Source {
            dir,
            version,
            sha256,
        })
    }

    fn unpacked_dir(&self, entry: &Entry, provider: &Provider) -> PathBuf {
        let (name, version) = (&entry.name, &entry.version);
        let mut dir = format!("{name}-{version}-{}", &provider.sha256[..12]);
        // A part of an archive is not the part that another list of folders asks for.
        if !entry.only.is_empty() {
            let parts = hex(&Sha256::digest(entry.only.join("\n")));
            dir += &format!("-{}", &parts[..8]);
        }
        self.root.join("unpacked").join(dir)
    }

    /// Unpacks `archive`, the one of `provider`.
    ///
    /// # Errors
    /// When it is not an archive, or the disk is full.
    pub(super) fn unpack(
        &self,
        entry: &Entry,
        provider: &Provider,
        archive: &Path,
    ) -> Result<Source> {
        let staging = self
            .root
            .join("partial")
            .join(format!("{}-unpacking", entry.name));
        if staging.exists() {
            remove(&staging)?;
        }
        unpack::unpack(archive, &staging, &entry.only)
            .with_context(|| format!("unpacking {} {}", entry.name, entry.version))?;
        let dir = self.unpacked_dir(entry, provider);
        fs::rename(&staging, &dir).with_context(|| format!("keeping {}", dir.display()))?;
        Ok(Source {
            dir,
            version: entry.version.clone(),
            sha256: provider.sha256.clone(),
        })
    }
}

/// Compares the file at `path` with the checksum `expected`.
///
/// # Errors
/// When the file has another checksum; the error has both.
pub(super) fn check_sum(path: &Path, expected: &str) -> Result<()> {
    let reading = || format!("reading {}", path.display());
    let mut file = fs::File::open(path).with_context(reading)?;
    let mut hash = Sha256::new();
    std::io::copy(&mut file, &mut hash).with_context(reading)?;
    let found = hex(&hash.finalize());
    if found != expected {
        bail!("wrong file: its sha256 is {found}, expected {expected}; it was not kept");
    }
    Ok(())
}

/// The folder of the cache, whether it exists or not.
fn root() -> Result<PathBuf> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
    };
    let base = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
    let base = base.context("neither XDG_CACHE_HOME nor HOME is set: where is the cache?")?;
    Ok(base.join("wali"))
}
