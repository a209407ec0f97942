//! Products: folders of the build folder that appear whole or not at all.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result};
use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::cx::Cx;
use crate::files::{lock_file, remove};
use crate::stamp;

impl Cx {
    /// Makes the product `name`: an empty staging folder is handed to `make`, and renamed to its
    /// place when that succeeds. Nothing happens when the product has the same `stamp` already,
    /// unless `force`. Returns whether it was made.
    ///
    /// Two runs at once wait for each other; an interrupted one leaves the old product as it was.
    ///
    /// # Errors
    /// Those of `make`, and when the build folder cannot be written.
    pub(crate) fn product(
        &self,
        name: &str,
        stamp: &str,
        force: bool,
        make: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<bool> {
        let is_current = || stamp::read(&self.out(name)).as_deref() == Some(stamp);
        if !force && is_current() {
            return Ok(false);
        }
        let _lock = self.lock(name)?;
        if !force && is_current() {
            return Ok(false);
        }
        let staging = self.out(".staging").join(name);
        self.make_empty(&staging)?;
        make(&staging)?;
        stamp::write(&staging, stamp)?;
        self.publish(&staging, &self.out(name))?;
        Ok(true)
    }

    /// Makes `folder` exist and be empty.
    ///
    /// # Errors
    /// When the build folder cannot be written.
    pub(crate) fn make_empty(&self, folder: &Path) -> Result<()> {
        if folder.symlink_metadata().is_ok() {
            remove(folder)?;
        }
        self.make_folder(folder)
    }

    /// Makes `folder` exist.
    ///
    /// # Errors
    /// When the build folder cannot be written.
    pub(crate) fn make_folder(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| {
            format!(
                "cannot write to the build folder {}: creating {} failed; \
                 choose another with --build-dir or WALI_BUILD_DIR",
                self.out("").display(),
                folder.display()
            )
        })
    }

    // One rename: nobody ever sees half a product.
    fn publish(&self, staging: &Path, place: &Path) -> Result<()> {
        if let Some(parent) = place.parent() {
            self.make_folder(parent)?;
        }
        let publishing = || format!("publishing {}", place.display());
        if place.symlink_metadata().is_err() {
            return fs::rename(staging, place).with_context(publishing);
        }
        match renameat_with(CWD, staging, CWD, place, RenameFlags::EXCHANGE) {
            Ok(()) => remove(staging),
            // Some file systems cannot exchange; the product is missing for an instant then.
            Err(_) => {
                remove(place)?;
                fs::rename(staging, place).with_context(publishing)
            }
        }
    }

    fn lock(&self, name: &str) -> Result<File> {
        let folder = self.out(".staging");
        self.make_folder(&folder)?;
        let path = folder.join(format!("{}.lock", name.replace('/', "-")));
        lock_file(&path, || {
            self.say(format!("{name}: waiting for another run to finish"))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::cx::Options;
    use anyhow::bail;

    fn cx(build: PathBuf) -> Cx {
        Cx::new(&Options {
            build_dir: Some(build),
            ..Options::default()
        })
        .unwrap()
    }

    #[test]
    fn a_product_is_made_once_and_again_when_its_stamp_changes() {
        let folder = tempfile::tempdir().unwrap();
        let cx = cx(folder.path().to_owned());
        let make = |stamp: &str, text: &str, force: bool| {
            let write = |staging: &Path| Ok(fs::write(staging.join("file"), text)?);
            cx.product("some/thing", stamp, force, write).unwrap()
        };
        let made = || fs::read_to_string(cx.out("some/thing/file")).unwrap();
        assert!(make("1", "first", false));
        assert!(!make("1", "again", false));
        assert_eq!(made(), "first");
        assert!(make("1", "forced", true));
        assert_eq!(made(), "forced");
        assert!(make("2", "second", false));
        assert_eq!(made(), "second");
    }

    #[test]
    fn a_product_that_fails_leaves_the_old_one_and_no_half() {
        let folder = tempfile::tempdir().unwrap();
        let cx = cx(folder.path().to_owned());
        cx.product("thing", "1", false, |staging| {
            Ok(fs::write(staging.join("old"), "")?)
        })
        .unwrap();
        let fail = |staging: &Path| {
            fs::write(staging.join("half"), "")?;
            bail!("interrupted")
        };
        cx.product("thing", "2", false, fail).unwrap_err();
        assert!(cx.out("thing/old").exists() && !cx.out("thing/half").exists());
        let check = |staging: &Path| {
            assert!(
                !staging.join("half").exists(),
                "the next run starts from nothing"
            );
            Ok(())
        };
        assert!(cx.product("thing", "2", false, check).unwrap());
        assert!(!cx.out("thing/old").exists());
    }

    #[test]
    fn a_build_folder_that_cannot_be_written_is_named_with_the_cure() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = cx(file.join("build"))
            .product("thing", "1", false, |_| Ok(()))
            .unwrap_err();
        let error = format!("{error:#}");
        assert!(
            error.contains("file/build") && error.contains("--build-dir"),
            "{error}"
        );
    }
}
