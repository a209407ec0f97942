//! Files and folders as the file system has them: locks, removal, lists.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Opens `path` and takes its lock, which the kernel gives back when the file is closed.
///
/// `waiting` is called once when another process holds the lock.
///
/// # Errors
/// When the file cannot be created or locked.
pub(crate) fn lock_file(path: &Path, waiting: impl FnOnce()) -> Result<File> {
    let locking = || format!("locking {}", path.display());
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path);
    let file = file.with_context(locking)?;
    if file.try_lock().is_err() {
        waiting();
        file.lock().with_context(locking)?;
    }
    Ok(file)
}

/// Removes a file, a link or a folder with all that is in it.
///
/// # Errors
/// When something in it cannot be removed.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let kind = fs::symlink_metadata(path)?.file_type();
    let removed = if kind.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    removed.with_context(|| format!("removing {}", path.display()))
}

/// Returns the files in `folder` that end in `.EXTENSION`, sorted; there may be none.
///
/// # Errors
/// When the folder is missing or cannot be read.
pub(crate) fn with_extension(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let reading = || format!("reading {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(reading)? {
        let path = entry.with_context(reading)?.path();
        if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Returns the tests in `folder`: its files that end in `.EXTENSION`, sorted.
///
/// A suite without tests would pass, so a renamed folder or a mistyped extension would go unnoticed.
///
/// # Errors
/// When the folder is missing or has no such file.
pub(crate) fn tests(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let files = with_extension(folder, extension)?;
    if files.is_empty() {
        bail!("{} has no .{extension} file to test", folder.display());
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_with_the_extension_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.c", "a.c", "c.h"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let found = with_extension(folder.path(), "c").unwrap();
        assert_eq!(found, ["a.c", "b.c"].map(|name| folder.path().join(name)));
        assert!(with_extension(folder.path(), "lua").unwrap().is_empty());
    }

    #[test]
    fn a_missing_folder_and_one_without_tests_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("check.h"), "").unwrap();
        let error = super::tests(folder.path(), "c").unwrap_err().to_string();
        assert!(error.ends_with("has no .c file to test"), "{error}");
        let missing = folder.path().join("libk");
        let error = format!("{:#}", super::tests(&missing, "c").unwrap_err());
        assert!(
            error.contains("libk") && error.contains("No such file"),
            "{error}"
        );
    }
}
