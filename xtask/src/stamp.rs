//! What a product was made from, as one hash, so that nothing is built twice.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// The file inside a product that holds its stamp.
const FILE: &str = ".stamp";

/// Collects a product's inputs; equal inputs give equal stamps.
#[derive(Default)]
pub(crate) struct Stamp {
    hash: Sha256,
}

impl Stamp {
    /// A stamp without inputs.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a value, such as a version or a flag list.
    pub(crate) fn text(mut self, name: &str, value: &str) -> Self {
        self.add(name.as_bytes());
        self.add(value.as_bytes());
        self
    }

    /// Adds a file or a folder with all that is in it: names, contents, what links point to.
    ///
    /// # Errors
    /// When something in it cannot be read.
    pub(crate) fn path(mut self, path: &Path) -> Result<Self> {
        self.add_path(path, "")
            .with_context(|| format!("reading {}", path.display()))?;
        Ok(self)
    }

    /// The stamp as text.
    pub(crate) fn finish(self) -> String {
        hex(&self.hash.finalize())
    }

    // Lengths keep "ab","c" apart from "a","bc".
    fn add(&mut self, bytes: &[u8]) {
        self.hash.update((bytes.len() as u64).to_le_bytes());
        self.hash.update(bytes);
    }

    fn add_path(&mut self, path: &Path, name: &str) -> Result<()> {
        let kind = fs::symlink_metadata(path)?.file_type();
        self.add(name.as_bytes());
        if kind.is_symlink() {
            self.add(b"link");
            self.add(fs::read_link(path)?.as_os_str().as_encoded_bytes());
        } else if kind.is_dir() {
            self.add(b"folder");
            let mut entries = fs::read_dir(path)?.collect::<std::io::Result<Vec<_>>>()?;
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                let name = entry.file_name().to_string_lossy().into_owned();
                self.add_path(&entry.path(), &name)?;
            }
            self.add(b"end");
        } else {
            self.add(b"file");
            self.add(&fs::read(path)?);
        }
        Ok(())
    }
}

/// The stamp that `product` was published with.
pub(crate) fn read(product: &Path) -> Option<String> {
    fs::read_to_string(product.join(FILE)).ok()
}

/// Writes `stamp` into `product`.
pub(crate) fn write(product: &Path, stamp: &str) -> Result<()> {
    let file = product.join(FILE);
    fs::write(&file, stamp).with_context(|| format!("writing {}", file.display()))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &Path) -> String {
        Stamp::new().path(path).unwrap().finish()
    }

    #[test]
    fn a_stamp_changes_with_contents_and_names_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("a"), "1").unwrap();
        let before = of(path);
        fs::write(path.join("a"), "1").unwrap();
        assert_eq!(of(path), before, "rewritten, not changed");
        fs::write(path.join("a"), "2").unwrap();
        let changed = of(path);
        assert_ne!(changed, before, "contents changed");
        fs::rename(path.join("a"), path.join("b")).unwrap();
        assert_ne!(of(path), changed, "name changed");
    }

    #[test]
    fn values_do_not_run_together() {
        let one = Stamp::new().text("ab", "c").finish();
        assert_ne!(one, Stamp::new().text("a", "bc").finish());
    }
}
