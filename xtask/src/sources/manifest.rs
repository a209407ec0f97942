//! `toolchains/sources.toml`: which sources there are and who provides them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// One source.
#[derive(Debug)]
pub(super) struct Entry {
    /// The name that the tools know it by.
    pub(super) name: String,
    /// The release, as upstream names it.
    pub(super) version: String,
    /// Who has it, in the order in which they are asked.
    pub(super) providers: Vec<Provider>,
    /// The folders of it that are unpacked; all when empty.
    pub(super) only: Vec<String>,
}

/// Someone who has a source.
#[derive(Debug)]
pub(super) struct Provider {
    /// Where the archive is.
    pub(super) place: Place,
    /// The checksum of this provider's archive.
    pub(super) sha256: String,
}

/// Where a provider keeps the archive.
#[derive(Debug)]
pub(super) enum Place {
    /// An address, usually upstream's own.
    Url(String),
    /// A source package in a Debian archive.
    Debian(Package),
}

/// A Debian source package.
#[derive(Debug)]
pub(super) struct Package {
    /// The package's name.
    pub(super) name: String,
    /// The release, where this archive names it in another way than upstream.
    pub(super) version: Option<String>,
    /// Suites to look into, in this order.
    pub(super) suites: Vec<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => write!(f, "{url}"),
            Self::Debian(package) => write!(f, "debian source package {}", package.name),
        }
    }
}

impl Entry {
    /// The names under which the archive is published.
    pub(super) fn file_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for provider in &self.providers {
            let name = match &provider.place {
                Place::Url(url) => url.rsplit('/').next().unwrap_or(url).to_owned(),
                Place::Debian(package) => {
                    let version = package.version.as_ref().unwrap_or(&self.version);
                    format!("{}_{version}.orig.tar.*", package.name)
                }
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    version: String,
    providers: Vec<RawProvider>,
    #[serde(default)]
    only: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProvider {
    url: Option<String>,
    debian: Option<String>,
    version: Option<String>,
    suites: Option<Vec<String>>,
    sha256: String,
}

/// Where a release is usually found in a Debian archive: newest first, as a release moves down.
const SUITES: [&str; 3] = ["sid", "testing", "stable"];

/// Reads the manifest at `path`.
///
/// # Errors
/// When it cannot be read, is not TOML, or an entry makes no sense.
pub(super) fn read(path: &Path) -> Result<Vec<Entry>> {
    let reading = || format!("reading {}", path.display());
    let text = std::fs::read_to_string(path).with_context(reading)?;
    parse(&text).with_context(reading)
}

/// Reads entries as the manifest has them.
///
/// # Errors
/// When an entry makes no sense.
pub(super) fn parse(text: &str) -> Result<Vec<Entry>> {
    let raw: BTreeMap<String, RawEntry> = toml::from_str(text)?;
    raw.into_iter()
        .map(|(name, entry)| entry.check(name))
        .collect()
}

impl RawEntry {
    fn check(self, name: String) -> Result<Entry> {
        if self.providers.is_empty() {
            bail!("{name}: no provider");
        }
        let providers = self.providers.into_iter().map(RawProvider::check);
        let providers = providers
            .collect::<Result<_>>()
            .with_context(|| name.clone())?;
        Ok(Entry {
            name,
            version: self.version,
            providers,
            only: self.only,
        })
    }
}

impl RawProvider {
    fn check(self) -> Result<Provider> {
        let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if self.sha256.len() != 64 || !self.sha256.chars().all(is_digit) {
            bail!(
                "`{}` is not a sha256 in lower-case hexadecimal",
                self.sha256
            );
        }
        let place = match (self.url, self.debian, self.version, self.suites) {
            (Some(url), None, None, None) => Place::Url(url),
            (None, Some(name), version, suites) => {
                let suites = suites.unwrap_or_else(|| SUITES.map(str::to_owned).to_vec());
                Place::Debian(Package {
                    name,
                    version,
                    suites,
                })
            }
            _ => bail!("a provider has either `url`, or `debian` and perhaps `version`, `suites`"),
        };
        Ok(Provider {
            place,
            sha256: self.sha256,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_of_this_workspace_is_sound() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../toolchains/sources.toml");
        let entries = read(path.as_ref()).unwrap();
        assert!(entries.iter().any(|entry| entry.name == "musl"));
    }

    #[test]
    fn a_bad_entry_is_refused_by_name() {
        let sum = "0".repeat(64);
        let cases = [
            (
                "no provider",
                "providers = []".to_owned(),
                "zlib: no provider",
            ),
            (
                "short sum",
                "providers = [{ url = 'u', sha256 = 'ab' }]".to_owned(),
                "`ab` is not",
            ),
            (
                "no place",
                format!("providers = [{{ sha256 = '{sum}' }}]"),
                "either `url`",
            ),
            (
                "two places",
                format!("providers = [{{ url = 'u', debian = 'd', sha256 = '{sum}' }}]"),
                "either `url`",
            ),
            (
                "unknown key",
                format!("providers = [{{ uri = 'u', sha256 = '{sum}' }}]"),
                "unknown field",
            ),
        ];
        for (name, providers, expected) in cases {
            let error = parse(&format!("[zlib]\nversion = '1'\n{providers}")).unwrap_err();
            let error = format!("{error:#}");
            assert!(error.contains(expected), "{name}: {error}");
        }
    }
}
